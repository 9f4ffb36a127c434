local Handler = { PRIORITY = 800, VERSION = "1.0.0" }

function Handler:access(config)
  local body = kong.request.get_raw_body()
  if body then
    kong.service.request.set_raw_body((body:gsub(config.target_word, config.replacement_word)))
  end
end

return Handler
