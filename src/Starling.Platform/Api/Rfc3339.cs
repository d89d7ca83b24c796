using System.Globalization;

namespace Starling.Platform;

/// <summary>Times as the API writes them: RFC 3339 in UTC, to the millisecond.</summary>
internal static class Rfc3339
{
    public static string Write(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
