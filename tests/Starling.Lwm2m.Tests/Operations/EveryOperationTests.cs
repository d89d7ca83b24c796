using System.Collections;
using System.Reflection;
using Starling.Coap;

namespace Starling.Lwm2m.Tests;

/// <summary>C# does not see whether a switch over a closed family of records is complete; this does.</summary>
public class EveryOperationTests
{
    private static readonly DateTimeOffset _time = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Lwm2mRequest[] _samples =
    [
        new Lwm2mRequest.Register("urn:dev:1", 300, Lwm2mVersion.V11, "UT", true, "49170", LinkList.Create([new(3, 0), new(5)])),
        new Lwm2mRequest.Register(null, null, Lwm2mVersion.V10, "U", true, null, LinkList.None),
        new Lwm2mRequest.Update("rd/5a3f", 60, "U", true, "49170", LinkList.Create([new(3, 0)])),
        new Lwm2mRequest.Register("urn:dev:1", 300, Lwm2mVersion.V12, "U", false, null, LinkList.None, ["6:27354b9a"]),
        new Lwm2mRequest.Register("urn:dev:1", 300, Lwm2mVersion.V12, "U", false, null, LinkList.Create([new(3, 0)]), ["oma:Base-1", "v:x", "1:00112233"]),
        new Lwm2mRequest.Update("rd/5a3f"),
        new Lwm2mRequest.Update("rd/5a3f", ProfileIds: ["v:a", "v:b"]),
        new Lwm2mRequest.Deregister("rd/5a3f"),
        new Lwm2mRequest.Read(new(3, 0, 9), ContentFormat.Text),
        new Lwm2mRequest.Read(new(3), ContentFormat.SenmlCbor),
        new Lwm2mRequest.Discover(new(3, 0)),
        new Lwm2mRequest.Discover(new(3, 0), 3),
        new Lwm2mRequest.Write(new(3, 0, 15), [new(new(3, 0, 15), "UTC")], Format: ContentFormat.Text),
        new Lwm2mRequest.Write(new(3, 0), [new(new(3, 0, 13), Lwm2mValue.Time(1700000000)), new(new(3, 0, 15), "UTC")], false, ContentFormat.SenmlCbor),
        new Lwm2mRequest.Write(new(3, 0, 6), [new(new(3, 0, 6, 0), 1), new(new(3, 0, 6, 1), 5)], Format: ContentFormat.Tlv),
        new Lwm2mRequest.Write(new(3, 0, 6), [new(new(3, 0, 6), Lwm2mValue.Empty)], Format: ContentFormat.SenmlCbor),
        new Lwm2mRequest.WriteAttributes(new(3303, 0, 5700), new NotificationAttributes { MinimumPeriod = 1, LessThan = -0.5, Unset = AttributeNames.Step }),
        new Lwm2mRequest.Execute(new(3, 0, 4), "0='U',1"),
        new Lwm2mRequest.Execute(new(3, 0, 4)),
        new Lwm2mRequest.Create(new(3303), 7, [new(new(3303, 7, 5750), "x")], ContentFormat.SenmlCbor),
        new Lwm2mRequest.Create(new(3303), null, [new(new(3303, 0, 5750), "x")], ContentFormat.Tlv),
        new Lwm2mRequest.Create(new(3303), 7, [], ContentFormat.Tlv),
        new Lwm2mRequest.Delete(new(3303, 1)),
        new Lwm2mRequest.Delete(new(3, 0, 6, 1)),
        new Lwm2mRequest.Observe(new(3, 0, 9), ContentFormat.Text),
        new Lwm2mRequest.CancelObserve(new(3, 0, 9), ContentFormat.Text),
        new Lwm2mRequest.Observe(new(3303, 0, 5700), ContentFormat.Text, new NotificationAttributes { MinimumPeriod = 5, GreaterThan = 21.5 }),
        new Lwm2mRequest.CancelObserve(new(3303, 0, 5700), ContentFormat.Text, new NotificationAttributes { MinimumPeriod = 5, GreaterThan = 21.5 }),
        new Lwm2mRequest.ReadComposite([new(3, 0, 9), new(1), Lwm2mPath.Root], ContentFormat.SenmlJson, ContentFormat.SenmlCbor),
        new Lwm2mRequest.ReadComposite([new(3, 0, 6, 1)], ContentFormat.Lwm2mCbor, ContentFormat.SenmlEtchJson),
        new Lwm2mRequest.WriteComposite([new(new(3, 0, 13), Lwm2mValue.Time(1700000000)), new(new(19, 0, 0, 2), Lwm2mValue.Null)], ContentFormat.SenmlEtchCbor),
        new Lwm2mRequest.WriteComposite([new(new(3, 0, 15), "UTC"), new(new(3303, 0, 5750), "x")], ContentFormat.Lwm2mCbor),
        new Lwm2mRequest.ObserveComposite(
            [new(3303, 0, 5700), new(3, 0, 9)], ContentFormat.SenmlCbor, ContentFormat.SenmlEtchCbor, new NotificationAttributes { MinimumPeriod = 5, MaximumPeriod = 60 }),
        new Lwm2mRequest.ObserveComposite([Lwm2mPath.Root], ContentFormat.SenmlCbor, ContentFormat.SenmlJson),
        new Lwm2mRequest.CancelObserveComposite(
            [new(3303, 0, 5700), new(3, 0, 9)], ContentFormat.SenmlCbor, ContentFormat.SenmlEtchCbor, new NotificationAttributes { MinimumPeriod = 5, MaximumPeriod = 60 }),
        new Lwm2mRequest.Send([new(new(3303, 0, 5700), 21.5, _time), new(new(3303, 0, 5700), 22.0, _time.AddSeconds(10)), new(new(3, 0, 9), 80)], ContentFormat.SenmlCbor),
        new Lwm2mRequest.Send([new(new(3, 0, 9), 80)], ContentFormat.Lwm2mCbor),
    ];

    [Fact]
    public void Every_operation_has_a_sample()
    {
        var operations = typeof(Lwm2mRequest).GetNestedTypes().Where(t => t.IsSubclassOf(typeof(Lwm2mRequest)));

        Assert.Empty(operations.Except(_samples.Select(s => s.GetType())));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/lwm2m")]
    public void Every_operation_is_decoded_as_it_was_encoded(string root)
    {
        foreach (var sample in _samples)
        {
            AssertSame(sample, Decode(sample, TestCatalog.Scope(root: root)));
        }
    }

    private static Lwm2mRequest Decode(Lwm2mRequest sample, OperationScope scope)
    {
        Lwm2mRequest? decoded;
        CoapMessage? refusal;
        switch (sample)
        {
            case Lwm2mRequest.Register or Lwm2mRequest.Update or Lwm2mRequest.Deregister:
                RegistrationCodec.TryDecode(RegistrationCodec.Encode(sample), null, out decoded, out refusal);
                break;
            case Lwm2mRequest.Send:
                OperationCodec.TryDecodeSend(OperationCodec.Encode(sample, scope), scope, out var send, out refusal);
                decoded = send;
                break;
            default:
                OperationCodec.TryDecode(OperationCodec.Encode(sample, scope), scope, out decoded, out refusal);
                break;
        }
        Assert.True(decoded is not null, $"{sample}: {refusal?.Code} {(refusal is null ? "" : TestRequest.Diagnostic(refusal))}");
        return decoded;
    }

    private static void AssertSame(Lwm2mRequest wanted, Lwm2mRequest got)
    {
        Assert.Equal(wanted.GetType(), got.GetType());
        foreach (var property in wanted.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var (a, b) = (property.GetValue(wanted), property.GetValue(got));
            switch (a)
            {
                case LinkList links:
                    Assert.Equal(links.Paths, ((LinkList)b!).Paths);
                    break;
                case IEnumerable and not string:
                    Assert.Equal(((IEnumerable)a).Cast<object>(), ((IEnumerable)b!).Cast<object>());
                    break;
                default:
                    Assert.Equal(a, b);
                    break;
            }
        }
    }
}
