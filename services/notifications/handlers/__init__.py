"""The use cases of notifications: planning messages, sending what is due, and what people choose."""
