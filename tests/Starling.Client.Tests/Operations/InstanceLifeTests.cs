using System.Text;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client.Tests;

/// <summary>Create, Delete and Execute as a server sees them.</summary>
public class InstanceLifeTests
{
    private static readonly Lwm2mPath _object = new(9000);

    [Theory]
    [InlineData(null, 1)]
    [InlineData(7, 7)]
    public async Task Instance_is_created_with_and_without_a_number_and_registered(int? wanted, int made)
    {
        await using var bench = await RegisteredAsync(new InstanceCreation(TestObjects.NewEverything));
        var below = _object.Append(wanted ?? 0);
        ContentFormat? format = wanted is null ? ContentFormat.Tlv : null;   // SenML cannot leave the number out
        var answer = await bench.Server.AskAsync(new Lwm2mRequest.Create(_object, wanted, [new(below.Append(0), 5), new(below.Append(10), "theirs")], format));
        Assert.Equal((CoapCode.Created, _object.Append(made)), (answer.Code, answer.Created!.Value));
        Assert.Equal(((Lwm2mValue)5, (Lwm2mValue)"fixed"), (bench[9000, made].Get(0), bench[9000, made].Get(10)));
        await bench.Network.RunAsync(TimeSpan.FromSeconds(1));
        Assert.EndsWith($"</1/0>,</3/0>,</9000/0>,</9000/{made}>", bench.Server.LastLine, StringComparison.Ordinal);
        Assert.Equal(CoapCode.BadRequest, (await bench.Server.AskAsync(new Lwm2mRequest.Create(_object, made, []))).Code);
    }

    [Fact]
    public async Task What_every_instance_has_is_filled_in()
    {
        await using var bench = await RegisteredAsync(new InstanceCreation(id => new ObjectInstance(TestObjects.Everything, id)));
        var answer = await bench.Server.AskAsync(new Lwm2mRequest.Create(_object, 3, []));
        Assert.Equal(CoapCode.Created, answer.Code);
        Assert.Equal((Lwm2mValue)0, bench[9000, 3].Get(0));
        Assert.NotNull(bench[9000, 3].Find(9));
        Assert.Null(bench[9000, 3].Find(1));   // optional
        Assert.Equal(CoapCode.Changed, (await bench.Server.AskAsync(new Lwm2mRequest.Write(new(9000, 3, 0), [new(new(9000, 3, 0), 4)]))).Code);
    }

    [Fact]
    public async Task Application_refuses_with_the_code_of_its_choice()
    {
        var creation = new InstanceCreation(id => id == 9 ? throw new Lwm2mException(CoapCode.NotAcceptable, "no nine") : TestObjects.NewEverything(id))
        {
            Deleting = instance => { if (instance.Id == 0) { throw new Lwm2mException(CoapCode.Unauthorized, "not this one"); } },
        };
        await using var bench = await RegisteredAsync(creation);
        var answer = await bench.Server.AskAsync(new Lwm2mRequest.Create(_object, 9, []));
        Assert.Equal((CoapCode.NotAcceptable, "no nine"), (answer.Code, answer.Diagnostic));
        answer = await bench.Server.AskAsync(new Lwm2mRequest.Delete(_object.Append(0)));
        Assert.Equal((CoapCode.Unauthorized, "not this one"), (answer.Code, answer.Diagnostic));
        Assert.Equal([0], bench.Client.Objects.Instances.Where(i => i.Definition.Id == 9000).Select(i => i.Id));
        Assert.Equal(CoapCode.Created, (await bench.Server.AskAsync(new Lwm2mRequest.Create(_object, 8, []))).Code);
        Assert.Equal(CoapCode.Deleted, (await bench.Server.AskAsync(new Lwm2mRequest.Delete(_object.Append(8)))).Code);
    }

    // OMA test cases 680 and 685.
    [Fact]
    public async Task Single_object_is_neither_created_nor_deleted()
    {
        await using var bench = await RegisteredAsync(new InstanceCreation(TestObjects.NewEverything));
        Assert.Equal(CoapCode.MethodNotAllowed, (await bench.Server.AskAsync(new Lwm2mRequest.Create(new(3), 0, []))).Code);
        Assert.Equal(CoapCode.MethodNotAllowed, (await bench.Server.AskAsync(new Lwm2mRequest.Delete(new(3, 0)))).Code);
    }

    [Theory]
    [InlineData("9000/0/8/1", "text", "2.04", "0=Red 1=text")]
    [InlineData("9000/0/8/5", "text", "4.04", "0=Red 1=Green")]   // only a write of the resource makes instances
    [InlineData("9000/0/1/0", "text", "4.05", "0=Red 1=Green")]
    [InlineData("9000/0/13/0", "1", "4.05", "0=Red 1=Green")]     // not writable
    public async Task Instance_of_a_resource_is_written(string path, string text, string code, string after)
    {
        await using var bench = await RegisteredAsync(new InstanceCreation(TestObjects.NewEverything));
        Assert.Equal(code, await PutAsync(bench, CoapCode.Put, path, text));
        Assert.Equal(after, string.Join(' ', ((MultipleResource)bench[9000][8]).Current!.Select(e => $"{e.Key}={e.Value}")));
    }

    // The example of LwM2M Core 1.2 §6.3.3 for a multiple resource.
    [Theory]
    [InlineData(true, "1=Yellow 3=Blue")]
    [InlineData(false, "0=Red 1=Yellow 3=Blue")]
    public async Task Multiple_resource_is_replaced_or_updated_in_part(bool replace, string after)
    {
        await using var bench = await RegisteredAsync(new InstanceCreation(TestObjects.NewEverything));
        var path = new Lwm2mPath(9000, 0, 8);
        Assert.Equal(CoapCode.Changed, (await bench.Server.AskAsync(new Lwm2mRequest.Write(path, [new(path.Append(1), "Yellow"), new(path.Append(3), "Blue")], replace))).Code);
        Assert.Equal(after, string.Join(' ', ((MultipleResource)bench[9000][8]).Current!.Select(e => $"{e.Key}={e.Value}")));
    }

    [Theory]
    [InlineData("", "2.04")]
    [InlineData("5", "2.04")]
    [InlineData("2='10.3'", "2.04")]
    [InlineData("0,1,4='abc'", "2.04")]
    [InlineData("0=abc", "4.00")]
    [InlineData("10", "4.00")]
    [InlineData("0,0", "4.00")]      // each digit once
    [InlineData("0='a b'", "4.00")]
    [InlineData("0,", "4.00")]
    [InlineData("0='a", "4.00")]
    [InlineData("x", "4.00")]
    public async Task Arguments_of_execute_have_their_grammar(string arguments, string code)
    {
        var got = new List<string?>();
        await using var bench = new TestBench();
        var instance = TestObjects.NewEverything();
        instance[12] = Resource.Execute((a, _) => { got.Add(a); return Task.CompletedTask; });
        bench.Objects.Add(instance);
        await bench.RegisterAsync();
        Assert.Equal(code, await PutAsync(bench, CoapCode.Post, "9000/0/12", arguments));
        Assert.Equal(code == "2.04" ? [arguments.Length == 0 ? null : arguments] : [], got);
    }

    private static async Task<TestBench> RegisteredAsync(InstanceCreation creation)
    {
        var bench = new TestBench();
        bench.Objects.Add(TestObjects.NewEverything());
        await bench.RegisterAsync();
        bench.Client.Objects.Allow(TestObjects.Everything, creation);
        return bench;
    }

    private static async Task<string> PutAsync(TestBench bench, CoapCode code, string path, string text)
    {
        var options = new CoapOptionsBuilder();
        options.AddPath(OptionNumber.UriPath, path);
        options.Add(OptionNumber.ContentFormat, 0);
        return (await bench.Server.AskAsync(new CoapMessage { Code = code, Options = options.Build(), Payload = Encoding.UTF8.GetBytes(text) })).Code.ToString();
    }
}
