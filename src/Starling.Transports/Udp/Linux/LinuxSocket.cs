using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace Starling.Transports;

/// <summary>
/// One UDP socket that never waits. A handle that counts its users: a send on another thread can never hit a number that the
/// system has meanwhile given to another file.
/// </summary>
internal sealed unsafe class LinuxSocket : SafeHandleZeroOrMinusOneIsInvalid
{
    private const int AddressSize = 28;

    public LinuxSocket() : base(ownsHandle: true) { }

    public bool IsV6 { get; private init; }

    /// <summary>Bound to every address: the address that a datagram came to is told with it and given when it is answered.</summary>
    public bool IsWildcard { get; private init; }

    public int Descriptor => (int)handle;

    public static LinuxSocket Open(bool isV6, bool isWildcard, UdpSettings settings)
    {
        var descriptor = Libc.Socket(isV6 ? Libc.AfInet6 : Libc.AfInet, Libc.SockDgram | Libc.SockNonblock | Libc.SockCloexec, 0);
        if (descriptor < 0)
        {
            throw Libc.LastError == Libc.Eafnosupport
                ? new IOException($"This machine does not have {(isV6 ? "IPv6" : "IPv4")}.")
                : UdpErrors.From("open a UDP socket", Libc.LastError);
        }
        var socket = new LinuxSocket { IsV6 = isV6, IsWildcard = isWildcard };
        socket.SetHandle(descriptor);
        socket.SetBuffer(Libc.SoRcvbufForce, Libc.SoRcvbuf, settings.ReceiveBuffer);
        socket.SetBuffer(Libc.SoSndbufForce, Libc.SoSndbuf, settings.SendBuffer);
        if (isV6)
        {
            socket.TrySet(Libc.IpprotoIpv6, Libc.Ipv6V6only, isWildcard ? 0 : 1);
        }
        if (isWildcard)
        {
            socket.TrySet(isV6 ? Libc.IpprotoIpv6 : Libc.IpprotoIp, isV6 ? Libc.Ipv6RecvPktinfo : Libc.IpPktinfo, 1);
        }
        return socket;
    }

    /// <summary>Lets further sockets of this process bind to the same address and share what comes.</summary>
    public void AllowSharing()
    {
        if (!TrySet(Libc.SolSocket, Libc.SoReuseport, 1))
        {
            throw UdpErrors.From("share a UDP port among sockets", Libc.LastError);
        }
    }

    public void Bind(IPEndPoint endPoint)
    {
        var address = stackalloc byte[AddressSize];
        BitConverter.TryWriteBytes(new Span<byte>(address, 2), (ushort)(IsV6 ? Libc.AfInet6 : Libc.AfInet));
        var key = UdpAddress.From(endPoint.Address, endPoint.Port);
        var length = key.Write(new Span<byte>(address, AddressSize), IsV6);
        if (Libc.Bind(this, address, length) < 0)
        {
            throw UdpErrors.FromBind(endPoint, Libc.LastError);
        }
    }

    public IPEndPoint LocalEndPoint
    {
        get
        {
            var address = stackalloc byte[AddressSize];
            var length = AddressSize;
            if (Libc.GetSockName(this, address, &length) < 0)
            {
                throw UdpErrors.From("ask where a UDP socket is bound", Libc.LastError);
            }
            var bytes = new Span<byte>(address, length);
            var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
            return IsV6
                ? new IPEndPoint(new IPAddress(bytes.Slice(8, 16), BitConverter.ToUInt32(bytes[24..])), port)
                : new IPEndPoint(new IPAddress(bytes.Slice(4, 4)), port);
        }
    }

    /// <summary>The system counts twice what it was asked for, for its own book-keeping.</summary>
    public int ReceiveBuffer
    {
        get
        {
            int value = 0, length = sizeof(int);
            return Libc.GetSockOpt(this, Libc.SolSocket, Libc.SoRcvbuf, &value, &length) < 0 ? 0 : value / 2;
        }
    }

    /// <summary>What the system dropped because the buffer was full.</summary>
    public uint Drops
    {
        get
        {
            const int DropsAt = 8;
            var values = stackalloc int[16];
            var length = 16 * sizeof(int);
            var failed = Libc.GetSockOpt(this, Libc.SolSocket, Libc.SoMeminfo, values, &length) < 0;
            return failed || length < (DropsAt + 1) * sizeof(int) ? 0 : (uint)values[DropsAt];
        }
    }

    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;

    // Beyond the system's limit where we may (CAP_NET_ADMIN), up to it otherwise.
    private void SetBuffer(int force, int plain, int size)
    {
        if (!TrySet(Libc.SolSocket, force, size))
        {
            TrySet(Libc.SolSocket, plain, size);
        }
    }

    private bool TrySet(int level, int name, int value) => Libc.SetSockOpt(this, level, name, &value, sizeof(int)) == 0;
}
