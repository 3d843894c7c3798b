"""Training: published cases as scripts, and what the room says as one unfolds. Without Textual."""
