using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>
/// One test case of the OMA Enabler Test Specification LightweightM2M INT 1.2, from the server's side. The same procedure runs against a simulated
/// client in the conformance tests and against a registered device in <c>starling check</c>.
/// </summary>
/// <param name="Id">The id without the prefix that all have (<c>LightweightM2M-</c>): <c>1.1-int-201</c>.</param>
/// <param name="Title">What is tested.</param>
/// <param name="Clause">Where the standard asks for it.</param>
/// <param name="Procedure">Does it, and ends with a <see cref="CheckException"/> when something is not as it must be.</param>
internal sealed record CheckCase(string Id, string Title, string Clause, Func<CheckRun, Task> Procedure)
{
    /// <summary>What the device must have: an object, an instance or a resource each, separated by blanks. A device without is no worse for it.</summary>
    public string Needs { get; init; } = "";

    /// <summary>The enabler version that asks for it.</summary>
    public Lwm2mVersion Since { get; init; } = Lwm2mVersion.V10;

    /// <summary>The device is away or another one for a while: reboot, factory reset, firmware, Disable.</summary>
    public bool IsDestructive { get; init; }

    /// <summary>It takes longer than a person waits.</summary>
    public bool IsSlow { get; init; }
}
