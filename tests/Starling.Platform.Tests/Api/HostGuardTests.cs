using System.Net;
using Microsoft.AspNetCore.Http;

namespace Starling.Platform.Tests;

[Collection(PlatformCollection.Name)]
public sealed class HostGuardTests(RunningPlatform platform)
{
    [Theory]
    [InlineData("127.0.0.1", "localhost", null, true)]
    [InlineData("127.0.0.1", "LOCALHOST:8080", null, true)]
    [InlineData("127.0.0.1", "127.0.0.1:8080", "http://127.0.0.1:8080", true)]
    [InlineData("127.0.0.1", "[::1]:8080", null, true)]
    [InlineData("127.0.0.1", "evil.example", null, false)]
    [InlineData("127.0.0.1", "localhost.evil.example", null, false)]
    [InlineData("127.0.0.1", "192.0.2.1", null, false)]
    [InlineData("127.0.0.1", "", null, false)]
    [InlineData("127.0.0.1", "127.0.0.1:8080", "http://evil.example", false)]
    [InlineData("127.0.0.1", "127.0.0.1:8080", "http://127.0.0.1:3000", false)]
    [InlineData("127.0.0.1", "127.0.0.1:8080", "https://127.0.0.1:8080", false)]
    [InlineData("127.0.0.1", "127.0.0.1:8080", "null", false)]
    [InlineData("0.0.0.0", "192.0.2.1:8080", null, true)]
    [InlineData("0.0.0.0", "evil.example", null, false)]
    public void Request_from_elsewhere_is_refused(string bound, string host, string? origin, bool allowed)
    {
        var request = new DefaultHttpContext().Request;
        request.Scheme = "http";
        request.Host = new HostString(host);
        if (origin is not null)
        {
            request.Headers.Origin = origin;
        }
        Assert.Equal(allowed, new HostGuard(IPAddress.Parse(bound)).Check(request) is null);
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("Origin", "http://evil.example")]
    public async Task Foreign_header_is_403_everywhere(string header, string value)
    {
        foreach (var path in new[] { "/", "/console/console.js", "/api/v1/devices", "/api/v1/events", "/nothing" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add(header, value);
            using var response = await platform.Http.SendAsync(request, RunningPlatform.Patience);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        }
    }
}
