#!/bin/bash
# Checks 22 and 33 of the specification of traffic as stated there: 10,000 random starts; all 64 members of the pressure sweep,
# each alone, and 50 rounds of kill -9 and resume.
repeats=2500 rounds=50 span=4 few= . "$(dirname "$0")/traffic-studies.sh"
