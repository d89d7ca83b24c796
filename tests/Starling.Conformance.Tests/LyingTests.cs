using System.Text;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Platform;

namespace Starling.Conformance.Tests;

/// <summary>The suite itself: a client that is not what it must be makes the case fail, and the reason says what was expected and what came.</summary>
public sealed class LyingTests
{
    [Theory]
    [InlineData("1.1-int-101", "a secret object in the list")]
    [InlineData("1.1-int-104", "no Update")]
    [InlineData("1.1-int-107", "no Update")]
    [InlineData("1.1-int-201", "another format")]
    [InlineData("1.1-int-203", "another format")]
    [InlineData("1.1-int-205", "another code")]
    [InlineData("1.1-int-226", "another code")]
    [InlineData("1.1-int-227", "no Update")]
    [InlineData("1.1-int-109", "no Update")]
    [InlineData("1.1-int-230", "another code")]
    [InlineData("1.1-int-231", "no payload")]
    [InlineData("1.1-int-241", "no Register")]
    [InlineData("1.1-int-256", "success")]
    [InlineData("1.1-int-260", "no attributes")]
    [InlineData("1.2-int-264", "no attributes")]
    [InlineData("1.1-int-280", "no payload")]
    [InlineData("1.1-int-301", "no notifications")]
    [InlineData("1.1-int-304", "no notifications")]
    [InlineData("1.1-int-306", "no Send")]
    [InlineData("1.2-int-312", "no notifications")]
    [InlineData("1.1-int-401", "no payload")]
    [InlineData("1.1-int-402", "another format")]
    [InlineData("1.1-int-685", "success")]
    [InlineData("1.1-int-710", "no notifications")]
    [InlineData("1.1-int-755", "another code")]
    [InlineData("1.1-int-772", "success")]
    [InlineData("1.1-int-801", "no payload")]
    [InlineData("1.1-int-951", "no attributes")]
    [InlineData("1.1-int-1202", "another code")]
    [InlineData("1.1-int-1630", "another code")]
    [InlineData("1.1-int-1635", "no Update")]
    [InlineData("1.1-int-2000", "another code")]
    public async Task Case_fails_when_the_client_lies(string id, string lie)
    {
        var one = CheckCatalog.All.Single(c => c.Id == id);
        var setup = Setups.For(id);
        await using var bench = await Bench.StartAsync(setup.Configuration, Lie(lie));
        var result = await bench.RunAsync(one, setup.Hands);
        Assert.True(result.Outcome == CheckOutcome.Failed, $"{id} with {lie}: {result.Outcome} {result.Reason}\n{string.Join('\n', result.Messages)}");
        Assert.StartsWith("Expected: ", result.Reason, StringComparison.Ordinal);
        Assert.Contains(" Came: ", result.Reason, StringComparison.Ordinal);
        Assert.Contains($"({one.Clause})", result.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.1-int-401")]
    [InlineData("1.1-int-402")]
    [InlineData("1.1-int-403")]
    public async Task Case_of_a_session_needs_one(string id)
    {
        await using var bench = await Bench.StartAsync(Configurations.C1.Unsecured());
        var result = await bench.RunAsync(CheckCatalog.All.Single(c => c.Id == id), Hands.NameAsync);
        Assert.Equal(CheckOutcome.Skipped, result.Outcome);
        Assert.StartsWith("The device has not come with ", result.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "no Register from a device that looks for a server of another name")]   // it comes all the same
    [InlineData(false, "a handshake that the device ends with an alert")]   // it was cut off, and has looked at no certificate
    public async Task Server_of_another_name_is_left_because_of_its_name(bool registers, string expected)
    {
        await using var bench = await Bench.StartAsync(Configurations.C17);
        var result = await bench.RunAsync(CheckCatalog.All.Single(c => c.Id == "1.1-int-403"), (_, _) =>
        {
            bench.Network.Lose = registers ? null : _ => true;
            bench.Client.Reboot();
            return Task.FromResult(true);
        });
        bench.Network.Lose = null;
        Assert.Equal(CheckOutcome.Failed, result.Outcome);
        Assert.StartsWith($"Expected: {expected}. Came: ", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Case_without_a_message_fails()
    {
        await using var bench = await Bench.StartAsync(Configurations.C1);
        var result = await bench.RunAsync(new CheckCase("1.1-int-0", "Nothing", "Core §6", _ => Task.CompletedTask));
        Assert.Equal(CheckOutcome.Failed, result.Outcome);
    }

    [Fact]
    public async Task Device_is_put_back_whatever_ends_a_case()
    {
        await using var bench = await Bench.StartAsync(Configurations.C1);
        var before = await ServerObjectAsync();
        var result = await bench.RunAsync(new CheckCase("1.1-int-0", "Something strange", "Core §6", async run =>
        {
            run.Undo("something else", _ => throw new InvalidOperationException("strange as well"));
            await run.ChangeAsync("/1/0/1", 77);
            throw new InvalidOperationException("the value is of another kind");
        }));
        Assert.Equal(CheckOutcome.Failed, result.Outcome);
        Assert.Equal("The case could not go on: the value is of another kind (Core §6) Attention: something else could not be restored (strange as well).", result.Reason);
        Assert.Equal(before, await ServerObjectAsync());

        async Task<Lwm2mRecord[]> ServerObjectAsync() => [.. (await bench.ReadAllAsync()).Where(r => r.Path.ObjectId == 1)];
    }

    private static Func<CoapMessage, CoapMessage?> Lie(string lie)
    {
        var registered = 0;
        return lie switch
        {
            "a secret object in the list" => m => IsRegister(m) ? m.With(m.Options, Encoding.ASCII.GetBytes("</0/0>,</1/0>,</3/0>")) : m,
            "no Update" => m => m.Code == CoapCode.Post && m.Options.UriPath.TrimStart('/').StartsWith("rd/", StringComparison.Ordinal) ? null : m,
            "no Send" => m => m.Code == CoapCode.Post && m.Options.UriPath.TrimStart('/') == "dp" ? null : m,
            "no Register" => m => IsRegister(m) && Interlocked.Increment(ref registered) > 1 ? null : m,
            "another format" => m => m.Options.ContentFormat is { } format && format != ContentFormat.LinkFormat && m.Code == CoapCode.Content ? WithFormat(m, ContentFormat.OctetStream) : m,
            "another code" => m => m.Code == CoapCode.Changed || m.Code == CoapCode.Created ? new CoapMessage { Code = CoapCode.Valid, Options = m.Options } : m,
            "success" => m => m.Code == CoapCode.MethodNotAllowed ? CoapMessage.Response(CoapCode.Changed) : m,
            "no payload" => m => m.Code == CoapCode.Content ? m.With(m.Options, default) : m,
            "no attributes" => m => m.Options.ContentFormat == ContentFormat.LinkFormat && m.Code == CoapCode.Content ? m.With(m.Options, WithoutAttributes(m)) : m,
            "no notifications" => m => m.Options.Observe > 1 || (m.Options.Observe is not null && Interlocked.Increment(ref registered) > 2) ? null : m,
            _ => throw new ArgumentException(lie, nameof(lie)),
        };
    }

    private static bool IsRegister(CoapMessage message) => message.Code == CoapCode.Post && message.Options.UriPath.Trim('/') == "rd";

    private static CoapMessage WithFormat(CoapMessage message, ContentFormat format)
    {
        var options = new CoapOptionsBuilder();
        options.Add(OptionNumber.ContentFormat, format.Value);
        return message.With(options.Build(), message.Payload);
    }

    private static byte[] WithoutAttributes(CoapMessage message) =>
        Encoding.ASCII.GetBytes(string.Join(',', Encoding.ASCII.GetString(message.Payload.Span).Split(',').Select(l => l.Split(';')[0])));
}
