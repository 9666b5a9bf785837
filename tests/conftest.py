"""What all tests build on."""

import signal

# A shell that starts a command in the background makes it deaf to Ctrl-C, and with it all that it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)
