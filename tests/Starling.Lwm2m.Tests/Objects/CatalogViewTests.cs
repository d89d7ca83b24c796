namespace Starling.Lwm2m.Tests;

public class CatalogViewTests
{
    private static readonly ObjectCatalog _catalog = new(
    [
        Make(3, 1, 0), Make(3, 1, 1), Make(3, 1, 2),
        Make(3303, 1, 0), Make(3303, 1, 1), Make(3303, 2, 0),
    ]);

    [Fact]
    public void Devices_that_tell_no_odd_version_share_one_view()
    {
        var plain = _catalog.ViewFor(LinkList.None, Lwm2mVersion.V11);

        Assert.Same(plain, _catalog.ViewFor(List("</3/0>,</3303/0>"), Lwm2mVersion.V11));
        Assert.Same(plain, _catalog.ViewFor(List("</3>;ver=1.1,</3/0>"), Lwm2mVersion.V11));
        Assert.NotSame(plain, _catalog.ViewFor(LinkList.None, Lwm2mVersion.V12));
        Assert.NotSame(plain, _catalog.ViewFor(List("</3>;ver=1.2,</3/0>"), Lwm2mVersion.V11));
    }

    [Fact]
    public void Devices_that_told_the_same_list_share_one_view()
    {
        var list = List("</3>;ver=1.2,</3/0>");

        Assert.Same(_catalog.ViewFor(list, Lwm2mVersion.V11), _catalog.ViewFor(list, Lwm2mVersion.V11));
        Assert.NotSame(_catalog.ViewFor(list, Lwm2mVersion.V11), _catalog.ViewFor(list, Lwm2mVersion.V10));
    }

    [Theory]
    [InlineData("</3/0>", 3, 1, 0, "1.0")]             // implied by the enabler
    [InlineData("</3/0>", 3, 1, 2, "1.2")]
    [InlineData("</3/0>", 3, 9, 9, "1.2")]
    [InlineData("</3>;ver=1.2,</3/0>", 3, 1, 0, "1.2")] // told
    [InlineData("</3>;ver=1.7,</3/0>", 3, 1, 0, "1.2")] // told, not known: the nearest
    [InlineData("</3303/0>", 3303, 1, 0, "1.1")]       // not of the core: the newest 1.x
    [InlineData("</3303>;ver=1.0,</3303/0>", 3303, 1, 2, "1.0")]
    [InlineData("</3303>;ver=2.0,</3303/0>", 3303, 1, 2, "2.0")]
    public void Object_is_taken_in_the_version_that_the_device_means(string links, int id, byte major, byte minor, string version) =>
        Assert.Equal(version, _catalog.ViewFor(List(links), new Lwm2mVersion(major, minor)).FindObject(id)!.Version.ToString());

    [Fact]
    public void View_without_enabler_takes_the_newest() => Assert.Equal(new ObjectVersion(2, 0), new CatalogView(_catalog).FindObject(3303)!.Version);

    [Fact]
    public void Unknown_object_is_null_in_every_view()
    {
        Assert.Null(_catalog.ViewFor(LinkList.None, Lwm2mVersion.V11).FindObject(4));
        Assert.Null(_catalog.ViewFor(List("</5>;ver=1.1"), Lwm2mVersion.V11).FindObject(5));
        Assert.Null(_catalog.ViewFor(LinkList.None, Lwm2mVersion.V11).FindResource(new(3, 0, 99)));
        Assert.Null(_catalog.ViewFor(LinkList.None, Lwm2mVersion.V11).FindResource(new(3, 0)));
    }

    [Theory]
    [InlineData(3, "1.1", 1, 1, false)]
    [InlineData(3, "1.0", 1, 1, true)]
    [InlineData(5, "1.1", 1, 2, false)]
    [InlineData(5, "1.2", 1, 2, true)]
    [InlineData(3303, "1.0", 1, 1, false)]
    [InlineData(3303, "1.1", 1, 1, true)]
    public void Version_must_be_told_where_nothing_implies_it(int id, string version, byte major, byte minor, bool must)
    {
        Assert.True(ObjectVersion.TryParse(version, out var parsed));
        Assert.Equal(must, EnablerVersions.MustTell(id, parsed, new Lwm2mVersion(major, minor)));
    }

    [Fact]
    public void Resources_are_found_whatever_their_numbers()
    {
        int[] ids = [0, 1, 2, 5, 7, 5700, 5701, 65534];
        var definition = new ObjectDefinition(9, "x", ObjectVersion.V10, ids.Reverse().Select(i => new ResourceDefinition { Id = i, Name = $"{i}" }));

        Assert.Equal(ids, definition.Resources.Select(r => r.Id));
        Assert.All(ids, id => Assert.Equal(id, definition.Find(id)?.Id));
        Assert.All([-1, 3, 4, 6, 8, 100, 5699, 5702, 65533], id => Assert.Null(definition.Find(id)));
        Assert.Throws<ArgumentException>(() => new ObjectDefinition(9, "x", ObjectVersion.V10, [definition.Resources[0], definition.Resources[0]]));
    }

    private static LinkList List(string links)
    {
        Assert.True(LinkList.TryParse(System.Text.Encoding.UTF8.GetBytes(links), out var list));
        return list;
    }

    private static ObjectDefinition Make(int id, byte major, byte minor) =>
        new(id, $"Object {id}", new ObjectVersion(major, minor), [new ResourceDefinition { Id = 0, Name = "x" }]);
}
