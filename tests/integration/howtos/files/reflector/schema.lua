return { name = "reflector", fields = { { config = { type = "record", fields = {} } } } }
