using System.Text;
using BenchmarkDotNet.Attributes;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Benchmarks;

/// <summary>What the server does with operations between CoAP and records: registrations in, reads out and back.</summary>
public class OperationBenchmarks
{
    private readonly LinkListCache _links = new();
    private readonly OperationScope _scope = new(ObjectCatalog.Standard.ViewFor(LinkList.None, Lwm2mVersion.V11), Lwm2mVersion.V11);
    private readonly Lwm2mRequest _read = new Lwm2mRequest.Read(new(3303, 0, 5700));
    private readonly Lwm2mResponse _registered = new(CoapCode.Created) { Location = "rd/5a3f90ab12cd" };
    private CoapMessage _register = null!;
    private CoapMessage _update = null!;
    private CoapMessage _value = null!;

    /// <summary>Makes the messages.</summary>
    [GlobalSetup]
    public void Setup()
    {
        Lwm2mPath[] objects = [new(1, 0), new(3, 0), new(4, 0), new(5, 0), new(6, 0), new(3303, 0), new(3303, 1)];
        _register = RegistrationCodec.Encode(new Lwm2mRequest.Register("urn:imei:490154203237518", 300, Lwm2mVersion.V11, "U", false, null, LinkList.Create(objects)));
        _update = RegistrationCodec.Encode(new Lwm2mRequest.Update("rd/5a3f90ab12cd"));
        var options = new CoapOptionsBuilder();
        options.Add(OptionNumber.ContentFormat, ContentFormat.Text.Value);
        _value = new CoapMessage { Code = CoapCode.Content, Options = options.Build(), Payload = Encoding.ASCII.GetBytes("21.5") };
    }

    /// <summary>A Register whose list was read before.</summary>
    [Benchmark]
    public bool Register() => RegistrationCodec.TryDecode(_register, _links, out _, out _);

    /// <summary>An Update that changes nothing.</summary>
    [Benchmark]
    public bool Update() => RegistrationCodec.TryDecode(_update, _links, out _, out _);

    /// <summary>The answer to Register.</summary>
    [Benchmark]
    public CoapMessage Registered() => RegistrationCodec.EncodeResponse(_registered);

    /// <summary>A Read of one resource.</summary>
    [Benchmark]
    public CoapMessage Read() => OperationCodec.Encode(_read, _scope);

    /// <summary>Its answer; a notification is the same.</summary>
    [Benchmark]
    public Lwm2mResponse Value() => OperationCodec.DecodeResponse(_read, _value, _scope);
}
