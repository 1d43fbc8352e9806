#!/bin/bash
# Two hundred rounds of kill -9 and resume, or as many as `rounds` says.
rounds=${rounds:-200} . "$(dirname "$0")/kills.sh"
