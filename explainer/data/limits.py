"""How large a file that a visitor brings may be: the same number on the page, in the server and in what is said.

The option ``server.maxUploadSize`` in .streamlit/config.toml is the larger of the two.
"""

MEGABYTE = 2**20  # bytes, as Streamlit counts them
PICTURE_MEGABYTES = 10
WEIGHTS_MEGABYTES = 13  # the largest network allowed, 3 million float32 numbers, with its statistics and its header
