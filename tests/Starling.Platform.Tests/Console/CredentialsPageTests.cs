using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Starling.Coap;
using Starling.Server;

namespace Starling.Platform.Tests;

[Collection(PlatformCollection.Name)]
public sealed class CredentialsPageTests(RunningPlatform platform)
{
    [Fact]
    public async Task Key_is_made_shown_once_and_works()
    {
        var page = await DoAsync(("op", "add"), ("endpoint", "page-made"));
        var key = Regex.Match(page, "Key +([0-9a-f]{32})").Groups[1].Value;
        var verdict = await platform.Credentials.JudgeAsync(new PeerClaim.PreSharedKey("page-made"u8.ToArray()), default);
        Assert.Equal(Convert.FromHexString(key), Assert.IsType<PeerVerdict.Accepted>(verdict).Key.ToArray());
        Assert.DoesNotContain(key, await ShowAsync("?q=page-made"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_is_searched_and_paged()
    {
        Credential[] many = [.. Enumerable.Range(0, 60).Select(i => new Credential.PreSharedKey($"listed-{i:00}-id", $"listed-{i:00}", new byte[16]) { Endpoint = $"listed-{i:00}" })];
        Assert.Null(await platform.Credentials.AddAsync(many, default));
        var first = await ShowAsync("?q=listed-");
        Assert.Contains("listed-49", first, StringComparison.Ordinal);
        Assert.DoesNotContain("listed-50", first, StringComparison.Ordinal);
        var next = WebUtility.HtmlDecode(Regex.Match(first, "rel=\"next\" href=\"/credentials([^\"]+)\"").Groups[1].Value);
        var second = await ShowAsync(next);
        Assert.Contains("listed-59", second, StringComparison.Ordinal);
        Assert.DoesNotContain("rel=\"next\"", second, StringComparison.Ordinal);
        Assert.Contains("No credential matches", await ShowAsync("?q=listed-&kind=rpk"), StringComparison.Ordinal);
        Assert.Contains("listed-00", await ShowAsync("?q=listed-0&limit=nonsense"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credential_is_rotated_switched_off_and_removed()
    {
        await DoAsync(("op", "add"), ("endpoint", "page-turn"), ("pskKey", "00112233"));
        var id = platform.Credentials.List(null, 1, c => c.Endpoint == "page-turn")[0].Id;
        var page = await DoAsync(("op", "rotate"), ("id", id), ("pskIdentity", "page-turn.2"), ("hours", "1"));
        Assert.Contains("ends in 1 hour", page, StringComparison.Ordinal);
        Assert.Contains("Both count for 0 to", await DoAsync(("op", "rotate"), ("id", id), ("hours", "x")), StringComparison.Ordinal);
        await DoAsync(("op", "disable"), ("id", id));
        Assert.Equal(CredentialState.Disabled, platform.Credentials.StateOf(platform.Credentials.Find(id)!));
        await DoAsync(("op", "enable"), ("id", id));
        Assert.Equal(CredentialState.Valid, platform.Credentials.StateOf(platform.Credentials.Find(id)!));
        Assert.Contains("is removed", await DoAsync(("op", "remove"), ("id", id)), StringComparison.Ordinal);
        Assert.Null(platform.Credentials.Find(id));
        Assert.Contains("Nothing was done", await DoAsync(("op", "remove"), ("id", id)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explanation_is_shown_step_by_step()
    {
        await DoAsync(("op", "add"), ("endpoint", "page-why"));
        Assert.Contains("registered as page-why", await DoAsync(("op", "explain"), ("pskIdentity", "page-why")), StringComparison.Ordinal);
        Assert.Contains("answered 4.03", await DoAsync(("op", "explain"), ("endpoint", "page-why")), StringComparison.Ordinal);
        Assert.Contains("handshake would fail", await DoAsync(("op", "explain"), ("pskIdentity", "<b>nobody")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Table_is_looked_at_before_it_is_added()
    {
        Assert.Contains("line 3: ", await ImportAsync("preview", "endpoint,pskIdentity,pskKey\npage-csv,page-csv,00\npage-bad,page-bad,zz\n"), StringComparison.Ordinal);
        Assert.Contains("can be added", await ImportAsync("preview", "endpoint,pskIdentity,pskKey\npage-csv,page-csv,00\n"), StringComparison.Ordinal);
        Assert.False(platform.Credentials.HasFor("page-csv"));
        Assert.Contains("1 credential added", await ImportAsync("import", "endpoint,pskIdentity,pskKey\npage-csv,page-csv,00\n"), StringComparison.Ordinal);
        Assert.True(platform.Credentials.HasFor("page-csv"));
        Assert.Contains("Nothing is added", await ImportAsync("import", ""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Weak_key_is_taken_warned_of_and_marked()
    {
        Assert.Contains("Warning: The key has 4 bytes", await DoAsync(("op", "add"), ("endpoint", "page-weak"), ("pskKey", "00112233")), StringComparison.Ordinal);
        Assert.Contains("weak key", await ShowAsync("?q=page-weak"), StringComparison.Ordinal);
        await DoAsync(("op", "add"), ("endpoint", "page-strong"));
        Assert.DoesNotContain("weak key", await ShowAsync("?q=page-strong"), StringComparison.Ordinal);
        Assert.Contains("line 2: warning: The key has 1 byte", await ImportAsync("preview", "endpoint,pskIdentity,pskKey\npage-weak-2,page-weak-2,00\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pskIdentity", "<script>alert(1)</script>")]
    [InlineData("endpoint", "\u202Eevil")]
    public async Task What_people_write_is_text(string field, string text)
    {
        var other = field == "endpoint" ? ("pskIdentity", "page-text") : ("endpoint", "page-text");
        var page = await DoAsync(("op", "add"), (field, text), other, ("pskKey", "00"));
        page += await ShowAsync("?q=" + Uri.EscapeDataString(text));
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', page.Replace("value=\"\u202Eevil\"", "", StringComparison.Ordinal));
        foreach (var credential in platform.Credentials.List(null, 10, c => c.Endpoint == "page-text" || c.Endpoint == text))
        {
            await platform.Credentials.RemoveAsync(credential.Id, default);
        }
    }

    [Fact]
    public async Task Form_that_asks_for_nothing_known_changes_nothing()
    {
        var before = platform.Credentials.Count;
        Assert.Contains("Nothing was done", await DoAsync(("op", "nonsense")), StringComparison.Ordinal);
        Assert.Contains("not added", await DoAsync(("op", "add")), StringComparison.Ordinal);
        Assert.Contains("Nothing is rotated", await DoAsync(("op", "rotate"), ("id", "nobody"), ("hours", "1")), StringComparison.Ordinal);
        Assert.Equal(before, platform.Credentials.Count);
    }

    private async Task<string> ShowAsync(string query) => await platform.Http.GetStringAsync(new Uri("/credentials" + query, UriKind.Relative), RunningPlatform.Patience);

    private async Task<string> DoAsync(params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        return await PostAsync(form);
    }

    private async Task<string> ImportAsync(string op, string csv)
    {
        using var form = new MultipartFormDataContent { { new StringContent(op), "op" }, { new ByteArrayContent(Encoding.UTF8.GetBytes(csv)), "file", "devices.csv" } };
        return await PostAsync(form);
    }

    private async Task<string> PostAsync(HttpContent form)
    {
        using var response = await platform.Http.PostAsync(new Uri("/credentials/do", UriKind.Relative), form, RunningPlatform.Patience);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }
}
