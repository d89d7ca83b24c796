using Starling.Lwm2m;

namespace Starling.Client.Tests;

public class DeviceLinksTests
{
    private static readonly ObjectInstance _security = new(TestObjects.Security, 0);

    [Fact]
    public void List_has_instances_and_objects_without_and_never_the_keys()
    {
        var tree = new ObjectTree([_security, new ObjectInstance(TestObjects.Server, 0), TestObjects.NewDevice()]);
        tree.Allow(TestObjects.Everything, new InstanceCreation(TestObjects.NewEverything));
        Assert.Equal("</1/0>,</3/0>,</9000>", DeviceLinks.Of(tree, Lwm2mVersion.V12, tellsFormats: false).Text);
    }

    [Fact]
    public void Version_is_told_where_the_enabler_implies_another()
    {
        var tree = new ObjectTree([new ObjectInstance(TestObjects.Server, 0), TestObjects.NewDevice()]);
        Assert.Equal("</1>;ver=1.2,</1/0>,</3>;ver=1.2,</3/0>", DeviceLinks.Of(tree, Lwm2mVersion.V11, tellsFormats: false).Text);
    }

    [Theory]
    [InlineData("1.0", "</3>;ver=1.2,</3/0>")]
    [InlineData("1.1", "</>;rt=\"oma.lwm2m\";ct=\"60 110 112 11542\",</3>;ver=1.2,</3/0>")]
    [InlineData("1.2", "</>;rt=\"oma.lwm2m\";ct=\"60 110 112 11542 11544\",</3/0>")]
    public void Root_link_tells_the_formats_that_the_version_has(string enabler, string expected)
    {
        Assert.True(Lwm2mVersion.TryParse(enabler, out var version));
        Assert.Equal(expected, DeviceLinks.Of(new ObjectTree([TestObjects.NewDevice()]), version, tellsFormats: true).Text);
    }

    [Fact]
    public void Profile_id_is_one_for_the_same_objects_and_another_for_others()
    {
        var id = DeviceLinks.ProfileId(new ObjectTree([TestObjects.NewDevice()]), 6);
        Assert.Matches("^6:[0-9a-f]{8}$", id);
        Assert.Equal(id, DeviceLinks.ProfileId(new ObjectTree([TestObjects.NewDevice()]), 6));
        Assert.NotEqual(id, DeviceLinks.ProfileId(new ObjectTree([TestObjects.NewDevice(), TestObjects.NewEverything()]), 6));
        Assert.Equal([64, 32, 30, 24, 16, 8], Enumerable.Range(1, 6).Select(suite => DeviceLinks.ProfileId(new ObjectTree([]), suite).Length - 2));
    }
}
