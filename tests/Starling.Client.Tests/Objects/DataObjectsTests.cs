using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client.Tests;

/// <summary>Objects that are data: an instance from the definition, and the values that differ.</summary>
public class DataObjectsTests
{
    private static readonly ObjectCatalog _catalog = ObjectCatalog.Standard;

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(16)]
    [InlineData(19)]
    [InlineData(33629)]
    public void Object_of_data_is_whole_from_its_definition(int objectId)
    {
        foreach (var definition in _catalog.All.Where(d => d.Id == objectId))
        {
            ObjectAssert.Whole(ObjectInstance.Simulated(definition, 0));
        }
    }

    [Fact]
    public void Power_saving_timers_of_a_cellular_device_are_set_and_written()
    {
        var cellular = ObjectInstance.Simulated(_catalog.Find(10), 0);
        cellular.Set(4, 3600);
        cellular.Set(13, Lwm2mValue.Unsigned(3));
        cellular[11] = Resource.Multiple(Lwm2mValue.ObjectLink(new ObjectLink(11, 0)));
        Assert.Equal(CoapCode.Changed, ObjectAssert.Write(cellular, 14, 2).Code);
        Assert.Equal(CoapCode.BadRequest, ObjectAssert.Write(cellular, 14, 256).Code);
        Assert.Equal((3600, 3UL, 2UL), (cellular.Get(4).AsInteger(), cellular.Get(13).AsUnsigned(), cellular.Get(14).AsUnsigned()));
        Assert.Equal(["11:0"], ObjectAssert.Texts(cellular, 11));
    }

    [Fact]
    public void Portfolio_and_containers_keep_what_servers_write()
    {
        var portfolio = ObjectInstance.Simulated(_catalog.Find(16), 1);
        Assert.Equal(CoapCode.Changed, ObjectAssert.WriteAll(portfolio, 0, "id", "maker", "model", "1.0").Code);
        Assert.Equal(["id", "maker", "model", "1.0"], ObjectAssert.Texts(portfolio, 0));
        var container = ObjectInstance.Simulated(_catalog.Find(19), 0);
        Assert.Equal(CoapCode.Changed, ObjectAssert.WriteAll(container, 0, new byte[] { 1, 2 }).Code);
        Assert.Equal([1, 2], container[0].ReadInstances()![0].AsOpaque().ToArray());
    }
}
