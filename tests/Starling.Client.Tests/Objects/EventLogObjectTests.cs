using System.Text;
using Starling.Coap;
using Starling.Lwm2m;
using Starling.Testing;

namespace Starling.Client.Tests;

public class EventLogObjectTests
{
    private readonly ManualTime _time = new();
    private readonly EventLogObject _log;

    public EventLogObjectTests() => _log = new EventLogObject(ObjectCatalog.Standard.Find(20), 1, _time, maxCharacters: 100);

    private ObjectInstance Instance => _log.Instance;
    private string Text => Encoding.UTF8.GetString(Instance.Get(4014).AsOpaque().Span);

    [Fact]
    public async Task Log_keeps_what_is_written_while_it_runs()
    {
        ObjectAssert.Whole(Instance);
        _log.Write(1, "too early");
        Assert.Equal((1, ""), (Instance.Get(4013).AsInteger(), Text));
        await ObjectAssert.ExecuteAsync(Instance, 4011);
        Assert.Equal(0, Instance.Get(4013).AsInteger());
        _log.Write(1, "on");
        _time.Advance(TimeSpan.FromSeconds(5));
        _log.Write(5, "off");
        Assert.Equal("2030-01-01T00:00:00Z 1 on\n2030-01-01T00:00:05Z 5 off\n", Text);
        Assert.Equal(2, Instance.Get(4013).AsInteger());
        await ObjectAssert.ExecuteAsync(Instance, 4012);
        _log.Write(1, "too late");
        Assert.Equal(3, Instance.Get(4013).AsInteger());
        Assert.Equal(2, Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Start_empties_the_log_unless_it_is_told_to_keep_it()
    {
        await ObjectAssert.ExecuteAsync(Instance, 4011);
        _log.Write(1, "one");
        await ObjectAssert.ExecuteAsync(Instance, 4011, "0='1'");
        Assert.EndsWith("one\n", Text, StringComparison.Ordinal);
        await ObjectAssert.ExecuteAsync(Instance, 4011);
        Assert.Equal("", Text);
        Assert.Equal(CoapCode.BadRequest, (await Assert.ThrowsAsync<Lwm2mException>(() => ObjectAssert.ExecuteAsync(Instance, 4011, "0='"))).Code);
    }

    [Fact]
    public async Task Only_the_class_that_is_wanted_is_kept_and_the_oldest_go_first()
    {
        await ObjectAssert.ExecuteAsync(Instance, 4011);
        ObjectAssert.Write(Instance, 4010, 3);
        _log.Write(1, "no");
        for (var i = 0; i < 5; i++)
        {
            _log.Write(3, $"entry {i}");   // 30 characters each
        }
        Assert.Equal(["entry 2", "entry 3", "entry 4"], Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[23..]));
        Assert.Equal(2, _log.Dropped);
    }

    [Theory]
    [InlineData(1, 11542)]
    [InlineData(2, 11543)]
    [InlineData(3, 11544)]
    public async Task Log_is_read_in_the_format_that_the_server_chose(int format, int contentFormat)
    {
        var codec = ContentCodecs.Find(new ContentFormat((ushort)contentFormat));
        Assert.Equal(codec is null ? CoapCode.BadRequest : CoapCode.Changed, Status(() => ObjectAssert.Write(Instance, 4015, format)));
        if (codec is null)
        {
            return;
        }
        await ObjectAssert.ExecuteAsync(Instance, 4011);
        Assert.Equal("", Text);
        _log.Write(1, "a");
        _log.Write(1, "b");
        Assert.Equal(["2030-01-01T00:00:00Z 1 a", "2030-01-01T00:00:00Z 1 b"], Decode(codec));
    }

    [Fact]
    public void Format_that_is_not_spoken_is_refused() => Assert.Equal(CoapCode.BadRequest, Status(() => ObjectAssert.Write(Instance, 4015, 9)));

    // The definition calls the log bytes; inside of it, texts.
    private List<string> Decode(ContentCodec codec)
    {
        var texts = new ObjectDefinition(20, "Log", new(2, 1), [new() { Id = 4014, Name = "LogData", Type = ValueKind.String, IsMultiple = true, Operations = ResourceOperations.Read }]) { IsMultiple = true };
        var records = new RecordSet();
        Assert.Equal(default, codec.Decode(new CodecScope(Instance.Path, new CatalogView(new ObjectCatalog([texts]))), Instance.Get(4014).AsOpaque().Span, records));
        return [.. records.Where(r => r.Path.Depth == 4).Select(r => r.Value.AsString())];
    }

    private static CoapCode Status(Func<Lwm2mResponse> operation)
    {
        try
        {
            return operation().Code;
        }
        catch (Lwm2mException refusal)
        {
            return refusal.Code;
        }
    }
}
