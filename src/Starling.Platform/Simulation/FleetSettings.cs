using System.Globalization;
using Starling.Coap;
using Starling.Dtls;
using Starling.Lwm2m;
using Starling.Transports;

namespace Starling.Platform;

/// <summary>Which devices to simulate.</summary>
internal sealed record FleetSettings
{
    /// <summary>The server.</summary>
    public required Uri Server { get; init; }

    /// <summary>With what a device of that name proves who it is; null where nothing secures the transport.</summary>
    public Func<string, OwnCredentials>? Credentials { get; init; }

    /// <summary>How their sessions are made.</summary>
    public DtlsChannelSettings Dtls { get; init; } = new() { Dtls = new DtlsSettings { Suites = DtlsSettings.ClientSuites, AllowCbc = false, ConnectionIdLength = 0 } };

    /// <summary>The known objects.</summary>
    public required ObjectCatalog Catalog { get; init; }

    /// <summary>How many.</summary>
    public int Count { get; init; } = 1;

    /// <summary>The endpoint name of one device, or the beginning of all names.</summary>
    public string Name { get; init; } = "demo";

    /// <summary>Whether the names are counted: <c>demo-1</c>, <c>demo-2</c>.</summary>
    public bool Numbered { get; init; } = true;

    /// <summary>Whether the devices differ: temperature sensor, power meter and street light by turns. Otherwise each has all three.</summary>
    public bool Mixed { get; init; } = true;

    /// <summary>The registrations' lifetime in seconds.</summary>
    public long Lifetime { get; init; } = 300;

    /// <summary>The enabler version.</summary>
    public Lwm2mVersion Version { get; init; } = Lwm2mVersion.V12;

    /// <summary>How long they are awake after a message, in queue mode; null for devices that do not sleep.</summary>
    public TimeSpan? AwakeTime { get; init; }

    /// <summary>More objects, with values that fit their definitions.</summary>
    public IReadOnlyList<ObjectDefinition> Extra { get; init; } = [];

    /// <summary>Makes sure that the first device has its credentials: files that cannot be read are told before anything runs.</summary>
    public FleetSettings Checked()
    {
        _ = Credentials?.Invoke(NameOf(0));
        return this;
    }

    /// <summary>The endpoint name of a device.</summary>
    public string NameOf(int number) => Numbered ? $"{Name}-{(number + 1).ToString(CultureInfo.InvariantCulture)}" : Name;
}
