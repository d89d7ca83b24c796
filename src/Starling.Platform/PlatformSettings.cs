using System.Net;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform;

/// <summary>What <c>starling up</c> is told. Every limit has a default.</summary>
internal sealed record PlatformSettings
{
    /// <summary>Where CoAP over UDP listens: 127.0.0.1:5683.</summary>
    public IPEndPoint Coap { get; init; } = new(IPAddress.Loopback, 5683);

    /// <summary>Where CoAP over DTLS listens; null for nowhere.</summary>
    public IPEndPoint? Coaps { get; init; }

    /// <summary>The server's own keys for DTLS; null: it takes pre-shared keys only.</summary>
    public ServerKeys? CoapsKeys { get; init; }

    /// <summary>Who may register under which name.</summary>
    public AdmissionSettings Admission { get; init; } = new();

    /// <summary>The file in which the secrets of sessions are written down for protocol analysers; null for none.</summary>
    public string? KeyLog { get; init; }

    /// <summary>Where the API listens: 127.0.0.1:8080.</summary>
    public IPEndPoint Http { get; init; } = new(IPAddress.Loopback, 8080);

    /// <summary>The known objects.</summary>
    public ObjectCatalog Catalog { get; init; } = ObjectCatalog.Standard;

    /// <summary>Where definitions that are uploaded are kept; null for nowhere.</summary>
    public string? ObjectFolder { get; init; }

    /// <summary>The folder whose files devices may fetch; null for none.</summary>
    public string? FileFolder { get; init; }

    /// <summary>How what is to survive is kept.</summary>
    public StorageSettings Storage { get; init; } = new();

    /// <summary>How many simulated devices run beside the server: none.</summary>
    public int Demo { get; init; }

    /// <summary>How long an operation on a device may take unless the request says otherwise: 60 s.</summary>
    public TimeSpan OperationTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many events are kept for listeners that come back: 4096.</summary>
    public int KeptEvents { get; init; } = 4096;

    /// <summary>How many bytes of memory they may take; the oldest go first: 64 MiB.</summary>
    public long KeptEventBytes { get; init; } = 64 << 20;

    /// <summary>How many handshakes are remembered of a device: 16.</summary>
    public int KeptHandshakes { get; init; } = 16;

    /// <summary>Of how many devices handshakes are remembered: 2000. Beyond that the one that was longest without any is forgotten.</summary>
    public int KeptHandshakeDevices { get; init; } = 2000;

    /// <summary>How many handshakes are remembered of strangers, all together: 1000.</summary>
    public int KeptStrangers { get; init; } = 1000;

    /// <summary>The largest body of a request, in bytes: 2 MiB, which is 1 MiB of opaque value and room.</summary>
    public int MaxBody { get; init; } = 2 << 20;
}
