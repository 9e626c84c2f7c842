"""Become the postmaster: `python postmaster.py SUPERVISOR UID GID PROGRAM ARGUMENTS...`.

What has to happen between the fork and the program: become the server's account, then ask the kernel to shut
this process down when its supervisor dies (a change of account forgets such a request). A program of its own,
since the interpreter may be in a folder that the account cannot enter. Where the kernel offers no such thing
(macOS), the next supervisor ends the postmaster that was left.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1

if __name__ == "__main__":
    supervisor, uid, gid = map(int, sys.argv[1:4])
    libc = ctypes.CDLL(None)
    if uid != os.geteuid():
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGINT)  # a fast shutdown, as PostgreSQL reads it
        if os.getppid() != supervisor:  # it died before the request
            sys.exit("The supervisor is gone.")
    os.execv(sys.argv[4], sys.argv[4:])
