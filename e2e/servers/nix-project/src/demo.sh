#!/bin/sh
echo "demo 1.0.0"
