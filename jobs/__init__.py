"""What runs beside the web: each job calls one service, and may run twice or late without harm."""
