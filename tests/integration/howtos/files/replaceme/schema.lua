return {
  name = "replaceme",
  fields = {
    { config = {
      type = "record",
      fields = {
        { target_word = { type = "string", required = true } },
        { replacement_word = { type = "string", required = true } },
      },
    } },
  },
}
