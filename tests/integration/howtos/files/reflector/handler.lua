local Handler = { PRIORITY = -10, VERSION = "1.0.0" }

function Handler:access()
  return kong.response.exit(200, kong.request.get_raw_body())
end

return Handler
