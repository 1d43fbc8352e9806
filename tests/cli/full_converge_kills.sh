#!/bin/bash
# Thirty rounds of kill -9 and resume of a study of convergence, also while it goes on with other levels.
rounds=30 . "$(dirname "$0")/converge.sh"
