"""python -m initlaw: the command initlaw of this installation."""

import os
import sys
from importlib.metadata import files

(command,) = (file for file in files("initlaw") or [] if file.match("bin/initlaw"))
os.execv(command.locate(), ["initlaw", *sys.argv[1:]])
