"""The pages and the API: what a person or a program sees by HTTP. Holds no SQL."""
