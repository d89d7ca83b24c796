using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Starling.Coap;
using Starling.Server;
using Starling.Testing;

namespace Starling.Platform.Tests;

[Collection(PlatformCollection.Name)]
public sealed class CredentialsApiTests(RunningPlatform platform)
{
    [Fact]
    public async Task Key_that_is_made_is_shown_once_and_opens_the_door()
    {
        var (status, body, response) = await platform.SendAsync("POST", "/credentials", """{"endpoint":"api-made"}""");
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal($"/api/v1/credentials/{body["id"]}", response.Headers.Location!.OriginalString);
        var key = Convert.FromHexString(body["pskKey"]!.GetValue<string>());
        Assert.Equal(16, key.Length);
        var verdict = await platform.Credentials.JudgeAsync(new PeerClaim.PreSharedKey("api-made"u8.ToArray()), default);
        Assert.Equal(key, Assert.IsType<PeerVerdict.Accepted>(verdict).Key.ToArray());
        var (_, shown, _) = await platform.SendAsync("GET", $"/credentials/{body["id"]}");
        Assert.Equal(("api-made", "psk", "valid"), (shown["pskIdentity"]!.GetValue<string>(), shown["kind"]!.GetValue<string>(), shown["state"]!.GetValue<string>()));
        Assert.False(shown.AsObject().ContainsKey("pskKey"));
    }

    [Fact]
    public async Task No_answer_and_no_trace_has_a_key_in_it()
    {
        var key = RandomNumberGenerator.GetBytes(24);
        var answers = new StringBuilder();
        async Task<JsonNode> AskAsync(string method, string path, string? json = null)
        {
            var (_, body, response) = await platform.SendAsync(method, path, json);
            answers.Append(response.Headers).Append(body.ToJsonString());
            return body;
        }
        var hex = Convert.ToHexStringLower(key);
        var id = (await AskAsync("POST", "/credentials", $$"""{"endpoint":"api-secret","pskIdentity":"api-secret","pskKey":"{{hex}}"}"""))["id"]!.GetValue<string>();
        await AskAsync("POST", "/credentials", $$"""{"endpoint":"api-secret","pskIdentity":"api-secret","pskKey":"{{hex}}"}""");
        await AskAsync("POST", "/credentials", $$"""{"endpoint":"api-secret","pskIdentity":"","pskKey":"{{hex}}"}""");
        await AskAsync("GET", "/credentials?limit=1000&q=api-secret");
        await AskAsync("GET", $"/credentials/{id}");
        await AskAsync("PATCH", $"/credentials/{id}", """{"enabled":false}""");
        await AskAsync("POST", "/credentials/explain", """{"endpoint":"api-secret","pskIdentity":"api-secret"}""");
        await AskAsync("POST", "/credentials/import", $$"""{"csv":"endpoint,pskIdentity,pskKey\nx,api-secret,{{hex}}\n"}""");
        await AskAsync("POST", $"/credentials/{id}/rotate", $$"""{"pskIdentity":"api-secret","pskKey":"{{hex}}"}""");
        await AskAsync("POST", $"/credentials/{id}/rotate", $$"""{"pskIdentity":"api-secret-2","pskKey":"{{hex}}"}""");
        answers.Append(await platform.Http.GetStringAsync(new Uri("/credentials?q=api-secret", UriKind.Relative)));
        var text = answers.ToString();
        Assert.Contains("api-secret-2", text, StringComparison.Ordinal);
        foreach (var written in new[] { hex, Convert.ToBase64String(key), Convert.ToHexStringLower(key, 0, 8) })
        {
            Assert.DoesNotContain(written, text, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [InlineData("{}", "pskIdentity")]
    [InlineData("""{"endpoint":"x","pskKey":"zz"}""", "pskKey")]
    [InlineData("""{"endpoint":"x","pskKey":""}""", "pskKey")]
    [InlineData("""{"endpoint":7}""", "endpoint")]
    [InlineData("""{"endpoint":""}""", "body")]
    [InlineData("""{"endpoint":"x","publicKey":"00"}""", "publicKey")]
    [InlineData("""{"endpoint":"x","fingerprint":"00"}""", "fingerprint")]
    [InlineData("""{"endpoint":"x","subject":"nobody"}""", "subject")]
    [InlineData("""{"endpoint":"x","certificate":"-----BEGIN CERTIFICATE-----"}""", "certificate")]
    [InlineData("""{"authority":"AAAA","endpointPattern":"{cn}"}""", "authority")]
    [InlineData("""{"endpoint":"x","endpointPattern":"{cn}"}""", "endpointPattern")]
    [InlineData("""{"endpoint":"x","fingerprint":"00","subject":"CN=a"}""", "subject")]
    [InlineData("""{"endpoint":"x","subject":"CN=a","pskKey":"00"}""", "pskKey")]
    [InlineData("""{"endpoint":"x","notAfter":"soon"}""", "notAfter")]
    [InlineData("""{"endpoint":"x","notBefore":"2027-01-02T00:00:00Z","notAfter":"2027-01-01T00:00:00Z"}""", "body")]
    [InlineData("""{"endpoint":"x","key":"00"}""", "key")]
    public async Task What_cannot_be_a_credential_is_refused_by_field(string json, string field)
    {
        var before = platform.Credentials.Count;
        var (status, body, _) = await platform.SendAsync("POST", "/credentials", json);
        Assert.Equal((HttpStatusCode.BadRequest, field), (status, body["field"]!.GetValue<string>()));
        Assert.Equal(before, platform.Credentials.Count);
    }

    [Fact]
    public async Task Claim_that_somebody_has_is_409()
    {
        await AddAsync("""{"endpoint":"api-twice"}""");
        Assert.Equal(HttpStatusCode.Conflict, (await platform.SendAsync("POST", "/credentials", """{"endpoint":"other","pskIdentity":"api-twice"}""")).Status);
    }

    [Fact]
    public async Task Rotation_names_the_next_identity_and_lets_the_old_one_end()
    {
        var old = await AddAsync("""{"endpoint":"api-turn"}""");
        var (status, next, _) = await platform.SendAsync("POST", $"/credentials/{old}/rotate", """{"overlap":60}""");
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(("api-turn.2", "api-turn", old), (next["pskIdentity"]!.GetValue<string>(), next["endpoint"]!.GetValue<string>(), next["replaces"]!.GetValue<string>()));
        var (_, again, _) = await platform.SendAsync("POST", $"/credentials/{next["id"]}/rotate", "{}");
        Assert.Equal("api-turn.3", again["pskIdentity"]!.GetValue<string>());
        Assert.NotNull((await platform.SendAsync("GET", $"/credentials/{old}")).Body["notAfter"]);
        await platform.SendAsync("POST", $"/credentials/{again["id"]}/rotate", """{"overlap":0}""");
        Assert.Equal("ended", (await platform.SendAsync("GET", $"/credentials/{again["id"]}")).Body["state"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.BadRequest, (await platform.SendAsync("POST", $"/credentials/{old}/rotate", """{"overlap":-1}""")).Status);
    }

    [Theory]
    [InlineData("{}", "api-free.2")]
    [InlineData("""{"pskIdentity":"another"}""", "another")]
    public async Task Device_of_an_unbound_credential_keeps_its_name_when_its_key_is_rotated(string body, string identity)
    {
        var name = $"api-free{identity.Length}";
        var old = await AddAsync($$"""{"pskIdentity":"{{name}}"}""");
        var (status, next, _) = await platform.SendAsync("POST", $"/credentials/{old}/rotate", body);
        Assert.Equal(HttpStatusCode.Created, status);
        var proven = next["pskIdentity"]!.GetValue<string>();
        Assert.Equal((name, "2.01"), await TryAsync($$"""{"endpoint":"{{name}}","pskIdentity":"{{name}}"}"""));
        Assert.Equal((name, "2.01"), await TryAsync($$"""{"endpoint":"{{name}}","pskIdentity":"{{proven}}"}"""));
    }

    [Fact]
    public async Task Certificates_are_known_by_subject_and_fingerprint_and_authority()
    {
        using var pki = new TestPki(TimeProvider.System.GetUtcNow());
        var authority = pki.Issue(null, new CertificateWish("Authority of the API's tests") { IsAuthority = true });
        var pem = Pem(authority.Der);
        Assert.Equal(HttpStatusCode.Created, (await platform.SendAsync("POST", "/credentials", new JsonObject { ["authority"] = pem, ["endpointPattern"] = "pki-{cn}" }.ToJsonString())).Status);
        var device = pki.Issue(authority, TestPki.DeviceWish("d1"));
        var (_, answer, _) = await platform.SendAsync("POST", "/credentials/explain", new JsonObject { ["certificate"] = Pem(device.Der), ["endpoint"] = "pki-d1" }.ToJsonString());
        Assert.True(answer["admitted"]!.GetValue<bool>(), answer.ToJsonString());
        (_, answer, _) = await platform.SendAsync("POST", "/credentials/explain", new JsonObject { ["certificate"] = Pem(device.Der), ["endpoint"] = "pki-d2" }.ToJsonString());
        Assert.Equal((false, "4.00"), (answer["admitted"]!.GetValue<bool>(), answer["coapCode"]!.GetValue<string>()));
        var (status, pinned, _) = await platform.SendAsync("POST", "/credentials", new JsonObject { ["certificate"] = Pem(device.Der), ["endpoint"] = "my-own" }.ToJsonString());
        Assert.Equal((HttpStatusCode.Created, Crypto.Fingerprint.Of(device.Der.Span)), (status, pinned["fingerprint"]!.GetValue<string>()));
        (_, answer, _) = await platform.SendAsync("POST", "/credentials/explain", new JsonObject { ["certificate"] = Pem(device.Der) }.ToJsonString());
        Assert.Equal("my-own", answer["endpoint"]!.GetValue<string>());
    }

    [Fact]
    public async Task Explanation_tells_a_wrong_name_from_an_unknown_one_from_none()
    {
        await AddAsync("""{"endpoint":"api-why","pskIdentity":"api-why-key"}""");
        Assert.Equal(("api-why", "2.01"), await TryAsync("""{"endpoint":"api-why","pskIdentity":"api-why-key"}"""));
        Assert.Equal(("api-why", "2.01"), await TryAsync("""{"pskIdentity":"api-why-key"}"""));
        Assert.Equal((null, "4.00"), await TryAsync("""{"endpoint":"other","pskIdentity":"api-why-key"}"""));
        Assert.Equal((null, null), await TryAsync("""{"endpoint":"api-why","pskIdentity":"nobody"}"""));
        Assert.Equal((null, "4.03"), await TryAsync("""{"endpoint":"api-why"}"""));
        Assert.Equal(("free", "2.01"), await TryAsync("""{"endpoint":"free"}"""));
        Assert.Equal((null, "4.00"), await TryAsync("{}"));
    }

    [Fact]
    public async Task Endpoint_with_a_credential_does_not_register_without_security()
    {
        await AddAsync("""{"endpoint":"api-locked"}""");
        await Assert.ThrowsAsync<Xunit.Sdk.EqualException>(() => HandRegistration.RegisterAsync(platform.Coap, "api-locked"));
        Assert.Null(platform.Server.Find(new DeviceKey("api-locked")));
    }

    [Fact]
    public async Task Table_is_taken_whole_or_its_mistakes_are_told()
    {
        const string good = "endpoint,pskIdentity,pskKey\r\n\"csv,1\",csv-1,00112233\r\n\r\ncsv-2,csv-2,44556677\r\n";
        var (_, body, _) = await ImportAsync(good, dryRun: true);
        Assert.Equal((2, false, 0), (body["credentials"]!.GetValue<int>(), body["added"]!.GetValue<bool>(), body["problems"]!.AsArray().Count));
        (_, body, _) = await ImportAsync(good);
        Assert.True(body["added"]!.GetValue<bool>());
        Assert.Single((await platform.SendAsync("GET", "/credentials?endpoint=csv%2C1")).Body["items"]!.AsArray());
        (_, body, _) = await ImportAsync("endpoint,pskIdentity,pskKey\ncsv-3,csv-3,zz\ncsv-4,csv-1,00\ncsv-5,csv-5,00\ncsv-6\ncsv-7,csv-5,00\ncsv-8,csv-8,\n");
        Assert.False(body["added"]!.GetValue<bool>());
        Assert.Equal([2, 3, 5, 6, 7], body["problems"]!.AsArray().Select(p => p!["line"]!.GetValue<int>()));
        Assert.Null((await platform.SendAsync("GET", "/credentials?endpoint=csv-5")).Body["items"]!.AsArray().FirstOrDefault());
    }

    [Theory]
    [InlineData("\"true\"")]
    [InlineData("\"yes\"")]
    [InlineData("1")]
    public async Task Trial_that_is_asked_for_in_other_words_imports_nothing(string dryRun)
    {
        var (status, body, _) = await platform.SendAsync("POST", "/credentials/import",
            $$"""{"csv":"endpoint,pskIdentity,pskKey\ncsv-trial,csv-trial,8f3a0c55d19be274\n","dryRun":{{dryRun}}}""");
        Assert.Equal((HttpStatusCode.BadRequest, "dryRun"), (status, body["field"]?.GetValue<string>()));
        Assert.Empty((await platform.SendAsync("GET", "/credentials?endpoint=csv-trial")).Body["items"]!.AsArray());
    }

    [Fact]
    public async Task Key_that_is_shown_once_is_kept_by_no_cache()
    {
        var (_, body, response) = await platform.SendAsync("POST", "/credentials", """{"endpoint":"uncached"}""");
        Assert.NotNull(body["pskKey"]);
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task Weak_key_is_taken_and_warned_of()
    {
        var weak = await platform.SendAsync("POST", "/credentials", """{"endpoint":"weak-1","pskKey":"00"}""");
        Assert.Contains("1 byte", weak.Body["warning"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Null((await platform.SendAsync("POST", "/credentials", """{"endpoint":"weak-2"}""")).Body["warning"]);
        var (_, body, _) = await ImportAsync("endpoint,pskIdentity,pskKey\nweak-3,weak-3,8f3a0c55d19be2740196ac4de87b3142\nweak-4,weak-4,00112233\n");
        Assert.True(body["added"]!.GetValue<bool>());
        Assert.Equal(3, Assert.Single(body["warnings"]!.AsArray())!["line"]!.GetValue<int>());
        var many = string.Concat(Enumerable.Range(0, 150).Select(i => $"weak-many-{i},weak-many-{i},00\n"));
        var warnings = (await ImportAsync("endpoint,pskIdentity,pskKey\n" + many, dryRun: true)).Body["warnings"]!.AsArray();
        Assert.Equal((101, "There are 50 more lines to be warned of."), (warnings.Count, warnings[^1]!["warning"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("endpoint,password\na,b\n")]
    [InlineData("endpoint,pskIdentity,pskKey\n")]
    [InlineData("endpoint,pskKey,pskKey\ncsv-twice,00,11\n")]
    [InlineData("endpoint,pskIdentity,pskKey\ncsv-open,csv-open,\"0011\n")]
    public async Task Table_that_is_none_is_told_as_such(string csv)
    {
        var (_, body, _) = await ImportAsync(csv);
        Assert.Equal(0, body["problems"]![0]!["line"]!.GetValue<int>());
    }

    [Fact]
    public async Task List_pages_and_filters()
    {
        foreach (var i in Enumerable.Range(0, 7))
        {
            await AddAsync($$"""{"endpoint":"page-{{i}}","pskIdentity":"paged-{{i}}"}""");
        }
        var (seen, next) = (new List<string>(), (string?)"/credentials?limit=3&q=PAGED-");
        while (next is not null)
        {
            var body = (await platform.SendAsync("GET", next)).Body;
            seen.AddRange(body["items"]!.AsArray().Select(i => i!["endpoint"]!.GetValue<string>()));
            next = body["next"]?.GetValue<string>()["/api/v1".Length..];
        }
        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"page-{i}"), seen);
        Assert.Single((await platform.SendAsync("GET", "/credentials?endpoint=page-3&kind=psk&state=valid")).Body["items"]!.AsArray());
        Assert.Empty((await platform.SendAsync("GET", "/credentials?endpoint=page-3&kind=rpk")).Body["items"]!.AsArray());
        foreach (var bad in new[] { "limit=0", "limit=x", "kind=key", "state=3", "state=0" })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await platform.SendAsync("GET", $"/credentials?{bad}")).Status);
        }
    }

    [Fact]
    public async Task Credential_that_is_removed_is_gone()
    {
        var id = await AddAsync("""{"endpoint":"api-gone"}""");
        Assert.Equal(HttpStatusCode.NoContent, (await platform.SendAsync("DELETE", $"/credentials/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await platform.SendAsync("DELETE", $"/credentials/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await platform.SendAsync("GET", $"/credentials/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await platform.SendAsync("POST", $"/credentials/{id}/rotate", "{}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await platform.SendAsync("PATCH", $"/credentials/{id}", """{"enabled":true}""")).Status);
    }

    private async Task<(string?, string?)> TryAsync(string json)
    {
        var body = (await platform.SendAsync("POST", "/credentials/explain", json)).Body;
        Assert.NotEmpty(body["steps"]!.AsArray());
        return (body["endpoint"]?.GetValue<string>(), body["coapCode"]?.GetValue<string>());
    }

    private async Task<string> AddAsync(string json)
    {
        var (status, body, _) = await platform.SendAsync("POST", "/credentials", json);
        Assert.True(status == HttpStatusCode.Created, body.ToJsonString());
        return body["id"]!.GetValue<string>();
    }

    private Task<(HttpStatusCode Status, JsonNode Body, HttpResponseMessage Response)> ImportAsync(string csv, bool dryRun = false) =>
        platform.SendAsync("POST", "/credentials/import", new JsonObject { ["csv"] = csv, ["dryRun"] = dryRun }.ToJsonString());

    private static string Pem(ReadOnlyMemory<byte> der) => new(PemEncoding.Write("CERTIFICATE", der.Span));
}
