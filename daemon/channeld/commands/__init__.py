"""What a person or a program asks for: one unit of work, committed before it is answered."""
