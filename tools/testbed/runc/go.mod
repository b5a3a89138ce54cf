module mlterra.dev/testbed/runc

go 1.25.0
