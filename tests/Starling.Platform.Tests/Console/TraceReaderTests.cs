using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Platform.Tests;

public sealed class TraceReaderTests
{
    private static readonly CatalogView _catalog = new(ObjectCatalog.Standard);

    [Theory]
    [InlineData("", "why it happened", "why it happened")]
    [InlineData("00", null, "No CoAP message: TooShort")]
    [InlineData("ff45123401", null, "No CoAP message: Version")]
    [InlineData("60001234", null, "Empty")]
    [InlineData("41841234aa", null, "4.04 Not Found")]
    [InlineData("40041234b13301300130", null, "DELETE /3/0/0 (Delete)")]
    [InlineData("40021234b2726404414141412b", null, "No CoAP message: OptionLength")]
    public void Datagram_becomes_a_line(string hex, string? note, string line) => Assert.Equal(line, Read(hex, note).Summary);

    [Fact]
    public void Any_bytes_give_a_message_and_text_without_control_characters()
    {
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[random.Next(1, 60)];
            random.NextBytes(bytes);
            bytes[0] = (byte)(0x40 | (bytes[0] & 0x38));
            var text = Read(Convert.ToHexString(bytes), "\u202Enote").ToText();
            Assert.DoesNotContain(text, c => c != '\n' && char.IsControl(c));
            Assert.DoesNotContain('\u202E', text);
        }
    }

    [Fact]
    public void Notification_is_read_with_what_its_observation_is_about()
    {
        var reader = new TraceReader(_catalog, DateTimeOffset.UnixEpoch);
        reader.Know(CoapToken.From([0xaa]), new Lwm2mPath(3303, 0, 5700));
        var message = reader.Read(Entry("51451234aa6101 60 ff 32312e35".Replace(" ", "", StringComparison.Ordinal), null));
        Assert.Equal("/3303/0/5700", Assert.Single(message.Values).Path);
        Assert.Equal(("Sensor Value", "21.5"), (message.Values[0].Name, message.Values[0].Value));
    }

    [Theory]
    [InlineData("41051234aa c170 ff 82a100622f33a100662f312f302f31", "FETCH / (Read-Composite)", "/3 /1/0/1")]
    [InlineData("41051234aa 60 6170 ff 82a100622f33a100662f312f302f31", "FETCH / (Observe-Composite)", "/3 /1/0/1")]
    [InlineData("41071234aa c20142 ff 82a200662f312f302f3102183ca200692f31392f302f302f3202f6", "iPATCH / (Write-Composite)", "/1/0/1 60 s /19/0/0/2 null")]
    [InlineData("41051234aa c170 ff 81a100622f33", "FETCH / (Read-Composite)", "/3")]
    public void Composite_is_shown_with_its_paths(string hex, string line, string shown)
    {
        var message = Read(hex.Replace(" ", "", StringComparison.Ordinal), null);
        Assert.Equal(line, message.Summary);
        Assert.Equal(shown, string.Join(' ', message.Values.Select(v => $"{v.Path} {v.Value}".Trim())));
    }

    private static TracedMessage Read(string hex, string? note) => new TraceReader(_catalog, DateTimeOffset.UnixEpoch).Read(Entry(hex, note));

    private static TraceEntry Entry(string hex, string? note) =>
        new(1, DateTimeOffset.UnixEpoch, new PeerAddress("udp", "192.0.2.1:5683"), TraceDirection.Received, TraceKind.First, Convert.FromHexString(hex), note);
}
