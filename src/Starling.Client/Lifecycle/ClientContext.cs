using Microsoft.Extensions.Logging;
using Starling.Coap;

namespace Starling.Client;

/// <summary>What the parts of one client share.</summary>
internal sealed record ClientContext(ClientSettings Settings, ObjectTree Tree, CoapEndpoint Endpoint, AccessControl Access, TimeProvider Time, ILogger Log)
{
    /// <summary>Monotonic time; only differences mean something.</summary>
    public TimeSpan Now => Time.GetElapsedTime(0);
}
