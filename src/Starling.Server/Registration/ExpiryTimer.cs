using Starling.Coap;

namespace Starling.Server;

/// <summary>A registration's place on the wheel. It is not moved by an Update: when it comes up early it looks at the session and goes back.</summary>
internal sealed class ExpiryTimer(Registrar registrar, DeviceSession session) : WheelTimer
{
    protected override void OnDue() => registrar.OnLifetime(session);
}
