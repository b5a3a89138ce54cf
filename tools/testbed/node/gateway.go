package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"sync"

	"golang.org/x/sys/unix"
)

// gateway passes connections to ports of 127.0.0.1 on to addresses in the network namespace of the cluster.
type gateway struct {
	outside, inside int
	listeners       map[int]net.Listener
	refused         map[int]bool
}

// newGateway opens the network namespace of a process; it stays open when that process has ended.
func newGateway(pid int) (*gateway, error) {
	outside, err := unix.Open("/proc/self/ns/net", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	inside, err := unix.Open(fmt.Sprintf("/proc/%d/ns/net", pid), unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	return &gateway{outside, inside, map[int]net.Listener{}, map[int]bool{}}, nil
}

// setNodePorts listens on exactly these ports from now on.
func (g *gateway) setNodePorts(wanted map[int]bool) {
	for port, listener := range g.listeners {
		if !wanted[port] {
			listener.Close()
			delete(g.listeners, port)
		}
	}
	for port := range wanted {
		if g.listeners[port] != nil {
			continue
		}
		listener, err := net.Listen("tcp4", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			if !g.refused[port] {
				fmt.Fprintf(os.Stderr, "node port %d is not reachable from this machine: %v\n", port, err)
			}
			g.refused[port] = true
			continue
		}
		delete(g.refused, port)
		g.listeners[port] = listener
		go g.serve(listener, fmt.Sprintf("%s:%d", nodeAddress, port))
	}
}

func (g *gateway) serve(listener net.Listener, address string) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		go g.pass(connection.(*net.TCPConn), address)
	}
}

func (g *gateway) pass(client *net.TCPConn, address string) {
	defer client.Close()
	server, err := g.dial(address)
	if err != nil {
		// The client sees a reset rather than an empty answer.
		_ = client.SetLinger(0)
		return
	}
	defer server.Close()
	var both sync.WaitGroup
	for _, pair := range [][2]*net.TCPConn{{client, server}, {server, client}} {
		both.Go(func() {
			_, _ = io.Copy(pair[0], pair[1])
			_ = pair[0].CloseWrite()
			_ = pair[1].CloseRead()
		})
	}
	both.Wait()
}

// dial connects from within the namespace: a socket belongs to the one its thread is in when it is made.
func (g *gateway) dial(address string) (*net.TCPConn, error) {
	runtime.LockOSThread()
	if err := unix.Setns(g.inside, unix.CLONE_NEWNET); err != nil {
		runtime.UnlockOSThread()
		return nil, err
	}
	connection, err := net.Dial("tcp4", address)
	if unix.Setns(g.outside, unix.CLONE_NEWNET) == nil {
		// A thread that could not come back ends with its goroutine, because it stays locked.
		runtime.UnlockOSThread()
	}
	if err != nil {
		return nil, err
	}
	return connection.(*net.TCPConn), nil
}
