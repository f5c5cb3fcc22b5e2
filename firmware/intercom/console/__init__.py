"""The console: one table of commands for the serial line, the control socket and the command line."""
