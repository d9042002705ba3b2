"""What is kept: tables, migrations and the rules by which the database is spoken to."""
