#!/bin/sh
# rustdoc with its unstable output as JSON. Only rustdoc gets the variable: with it, cargo would compile all dependencies again.
RUSTC_BOOTSTRAP=1 exec rustdoc "$@"
