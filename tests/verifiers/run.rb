# Verifies the tokens on stdin, one a line, and prints the claims of each, or null.
require 'json'
path, *settings = ARGV
ARGV.clear
require File.expand_path(path)
verify = create_verify(*settings)
$stdin.each_line do |line|
  puts JSON.generate(verify.call(line.strip))
rescue StandardError => e
  warn e.message
  puts 'null'
end
