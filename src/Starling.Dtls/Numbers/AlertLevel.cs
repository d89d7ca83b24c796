namespace Starling.Dtls;

/// <summary>How bad an alert is (RFC 5246 §7.2).</summary>
internal static class AlertLevel
{
    public const byte Warning = 1;
    public const byte Fatal = 2;
}
