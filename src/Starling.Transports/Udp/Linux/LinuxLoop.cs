using System.Runtime.InteropServices;
using Starling.Coap;

namespace Starling.Transports;

/// <summary>
/// One receiving thread and the sockets it serves. It takes batches from a socket until that is about empty, lets the sink work on
/// them, sends what that sent, and only then sleeps, until one of its sockets or <see cref="Wake"/> has something.
/// </summary>
internal sealed unsafe class LinuxLoop
{
    private const int EventsAtOnce = 64;
    // A socket that never runs dry gives way to the others and to stopping after this many batches.
    private const int BatchesAtOnce = 64;
    private const int StackSize = 512 << 10;
    private const int WakeSlot = -1;

    // struct epoll_event has no padding on x86-64 and only there.
    private static readonly int _eventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    private readonly Lock _lock = new();
    private readonly int _batch;
    private readonly int _maxDatagram;
    private readonly List<(LinuxPort Port, TaskCompletionSource Done)> _leaving = [];
    private readonly Stack<int> _freeSlots = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _epoll;
    private readonly int _wake;
    private LinuxPort?[] _ports = new LinuxPort?[4];
    private int _slots;
    private SendBatch? _sends;
    private volatile int _thread;
    private volatile bool _stopping;
    private bool _started;

    public LinuxLoop(UdpSettings settings)
    {
        _batch = settings.Batch;
        _maxDatagram = settings.MaxDatagram;
        _epoll = Check(Libc.EpollCreate(Libc.EpollCloexec), "wait for sockets");
        _wake = Check(Libc.EventFd(0, Libc.EfdNonblock | Libc.EfdCloexec), "make an event");
        Watch(_wake, WakeSlot);
    }

    public bool IsCurrentThread => _thread == Environment.CurrentManagedThreadId;

    public void Attach(LinuxPort port)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stopping, typeof(UdpThreads));
            port.Slot = _freeSlots.TryPop(out var free) ? free : _slots++;
            if (port.Slot >= _ports.Length)
            {
                Array.Resize(ref _ports, _ports.Length * 2);
            }
            _ports[port.Slot] = port;
            Watch(port.Descriptor, port.Slot);
            if (!_started)
            {
                _started = true;
                new Thread(Run, StackSize) { IsBackground = true, Name = "starling-udp" }.Start();
            }
        }
    }

    /// <summary>Completes when the thread has left the port alone for good.</summary>
    public Task DetachAsync(LinuxPort port)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_ended.Task.IsCompleted)
            {
                return Task.CompletedTask;
            }
            _ = Libc.EpollCtl(_epoll, Libc.EpollCtlDel, port.Descriptor, null);
            _leaving.Add((port, done));
            Wake();
        }
        return done.Task;
    }

    /// <summary>On this loop's own thread: puts the datagram into the batch.</summary>
    public SendOutcome Queue(LinuxPort port, in UdpAddress to, ReadOnlySpan<byte> datagram)
    {
        if (_sends!.TryAdd(port, to, datagram))
        {
            return SendOutcome.Queued;
        }
        _sends.Flush();
        return port.SendNow(to, datagram);
    }

    public Task StopAsync()
    {
        lock (_lock)
        {
            if (!_stopping)
            {
                _stopping = true;
                if (_started)
                {
                    Wake();
                }
                else
                {
                    End();
                }
            }
        }
        return _ended.Task;
    }

    private void Run()
    {
        _thread = Environment.CurrentManagedThreadId;
        using var batch = new ReceiveBatch(_batch, _maxDatagram);
        using var sends = new SendBatch(_batch * 2, _maxDatagram);
        _sends = sends;
        var events = stackalloc byte[EventsAtOnce * _eventSize];
        while (!_stopping)
        {
            var count = Libc.EpollWait(_epoll, events, EventsAtOnce, -1);
            for (var i = 0; i < count; i++)
            {
                Serve(*(int*)(events + ((i + 1) * _eventSize) - 8), batch);
            }
            LetGo();
        }
        lock (_lock)
        {
            LetGo();
            End();
        }
    }

    private void Serve(int slot, ReceiveBatch batch)
    {
        if (slot == WakeSlot)
        {
            ulong value;
            _ = Libc.Read(_wake, &value, sizeof(ulong));
        }
        else if (Volatile.Read(ref _ports)[slot] is { } port)
        {
            Receive(port, batch);
        }
    }

    private void Receive(LinuxPort port, ReceiveBatch batch)
    {
        for (var round = 0; round < BatchesAtOnce && !_stopping; round++)
        {
            var count = batch.Receive(port.Descriptor, port.Socket.IsWildcard);
            if (count > 0)
            {
                port.Deliver(batch, count);
                _sends!.Flush();
                // A batch less than half full was about all there was: asking once more would be a call for nothing.
                if (count < batch.Size / 2)
                {
                    return;
                }
            }
            else if (Libc.LastError != Libc.Eintr)
            {
                if (Libc.LastError != Libc.Eagain)
                {
                    port.Counters.AddReceiveError();
                }
                return;
            }
        }
    }

    // Between two waits no event of a socket that has left can be under way any more.
    private void LetGo()
    {
        lock (_lock)
        {
            foreach (var (port, done) in _leaving)
            {
                _ports[port.Slot] = null;
                _freeSlots.Push(port.Slot);
                done.SetResult();
            }
            _leaving.Clear();
        }
    }

    private void End()
    {
        _ = Libc.Close(_wake);
        _ = Libc.Close(_epoll);
        _ended.SetResult();
    }

    private void Wake()
    {
        var one = 1UL;
        _ = Libc.Write(_wake, &one, sizeof(ulong));
    }

    private void Watch(int descriptor, int slot)
    {
        var entry = stackalloc byte[16];
        *(int*)entry = Libc.EpollIn;
        *(long*)(entry + _eventSize - 8) = slot;
        Check(Libc.EpollCtl(_epoll, Libc.EpollCtlAdd, descriptor, entry), "wait for a socket");
    }

    private static int Check(int result, string what) => result >= 0 ? result : throw UdpErrors.From(what, Libc.LastError);
}
