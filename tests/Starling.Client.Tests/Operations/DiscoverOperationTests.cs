using Starling.Lwm2m;

namespace Starling.Client.Tests;

public class DiscoverOperationTests
{
    private readonly ObjectTree _tree = new([TestObjects.NewDevice(), TestObjects.NewEverything(), TestObjects.NewEverything(2)]);
    private readonly ServerAttributes _attributes = new();

    [Fact]
    public void Object_shows_instances_and_resources_that_are_there()
    {
        Assert.Equal("</3>,</3/0>,</3/0/0>,</3/0/4>,</3/0/9>,</3/0/11>;dim=1,</3/0/14>,</3/0/16>", Discover("/3"));
        Assert.StartsWith("</9000>,</9000/0>,</9000/0/0>,</9000/0/2>,", Discover("/9000"), StringComparison.Ordinal);
        Assert.Contains("</9000/2>,", Discover("/9000"), StringComparison.Ordinal);
    }

    [Fact]
    public void Instance_shows_its_resources() => Assert.Equal("</3/0>,</3/0/0>,</3/0/4>,</3/0/9>,</3/0/11>;dim=1,</3/0/14>,</3/0/16>", Discover("/3/0"));

    [Fact]
    public void Resource_shows_its_instances_since_1_1()
    {
        Assert.Equal("</9000/0/8>;dim=2,</9000/0/8/0>,</9000/0/8/1>", Discover("/9000/0/8"));
        Assert.Equal("</9000/0/8>;dim=2", Discover("/9000/0/8", Lwm2mVersion.V10));
    }

    // The table of LwM2M Core 1.2 §6.3.2; the levels beyond the last are as the last.
    [Theory]
    [InlineData("/9001", 0, "</9001>")]
    [InlineData("/9001", 1, "</9001>,</9001/0>")]
    [InlineData("/9001", 2, "</9001>,</9001/0>,</9001/0/0>,</9001/0/1>;dim=2")]
    [InlineData("/9001", 3, "</9001>,</9001/0>,</9001/0/0>,</9001/0/1>;dim=2,</9001/0/1/0>,</9001/0/1/5>")]
    [InlineData("/9001/0", 0, "</9001/0>")]
    [InlineData("/9001/0", 1, "</9001/0>,</9001/0/0>,</9001/0/1>;dim=2")]
    [InlineData("/9001/0", 2, "</9001/0>,</9001/0/0>,</9001/0/1>;dim=2,</9001/0/1/0>,</9001/0/1/5>")]
    [InlineData("/9001/0", 3, "</9001/0>,</9001/0/0>,</9001/0/1>;dim=2,</9001/0/1/0>,</9001/0/1/5>")]
    [InlineData("/9001/0/1", 0, "</9001/0/1>;dim=2")]
    [InlineData("/9001/0/1", 1, "</9001/0/1>;dim=2,</9001/0/1/0>,</9001/0/1/5>")]
    [InlineData("/9001/0/1", 3, "</9001/0/1>;dim=2,</9001/0/1/0>,</9001/0/1/5>")]
    public void Depth_says_how_far_below_the_target_is_shown(string path, int depth, string links)
    {
        var definition = new ObjectDefinition(9001, "Small", new(1, 0),
        [
            new ResourceDefinition { Id = 0, Name = "a", Type = ValueKind.Integer, Operations = TestObjects.R },
            new ResourceDefinition { Id = 1, Name = "b", Type = ValueKind.Integer, Operations = TestObjects.R, IsMultiple = true },
        ]);
        _tree.Add(new ObjectInstance(definition, 0) { [0] = 1, [1] = Resource.Multiple([KeyValuePair.Create(0, (Lwm2mValue)1), KeyValuePair.Create(5, (Lwm2mValue)2)]) });
        Assert.Equal(links, Discover(path, depth: depth));
    }

    [Fact]
    public void Target_shows_the_periods_of_the_account_where_nothing_else_is_attached()
    {
        var server = new ServerObject(TestObjects.Server, 0, new ServerAccount { Uri = new Uri("coap://a"), DefaultMinimumPeriod = 1, DefaultMaximumPeriod = 10 });
        var attributes = new ServerAttributes(server);
        var links = DiscoverOperation.Answer(_tree, new Lwm2mPath(3), 1, attributes, Lwm2mVersion.V12).Links;
        Assert.Equal("</3>;pmin=1;pmax=10,</3/0>", LinkFormat.Write(links));
    }

    [Fact]
    public void Version_is_told_where_the_enabler_implies_another() =>
        Assert.StartsWith("</3>;ver=1.2,</3/0>", Discover("/3", Lwm2mVersion.V10), StringComparison.Ordinal);

    [Fact]
    public void Target_shows_what_it_inherits_and_the_rest_what_is_its_own()
    {
        Attach("/3", new() { MinimumPeriod = 10 });
        Attach("/3/0", new() { MaximumPeriod = 60 });
        Attach("/3/0/9", new() { GreaterThan = 50, LessThan = 42.2 });
        Assert.Equal("</3>;pmin=10,</3/0>;pmax=60,</3/0/0>,</3/0/4>,</3/0/9>;gt=50;lt=42.2,</3/0/11>;dim=1,</3/0/14>,</3/0/16>", Discover("/3"));
        Assert.StartsWith("</3/0>;pmin=10;pmax=60,</3/0/0>", Discover("/3/0"), StringComparison.Ordinal);
        Assert.Equal("</3/0/9>;pmin=10;pmax=60;gt=50;lt=42.2", Discover("/3/0/9"));
    }

    [Theory]
    [InlineData("/0", "4.01")]
    [InlineData("/5", "4.04")]
    [InlineData("/3/0/13", "4.04")]
    [InlineData("/9000/0/1", "4.04")]
    public void What_is_not_there_has_its_code(string path, string code) =>
        Assert.Equal(code, DiscoverOperation.Answer(_tree, Lwm2mPath.Parse(path), null, _attributes, Lwm2mVersion.V12).Code.ToString());

    private string Discover(string path, Lwm2mVersion? version = null, int? depth = null) =>
        LinkFormat.Write(DiscoverOperation.Answer(_tree, Lwm2mPath.Parse(path), depth, _attributes, version ?? Lwm2mVersion.V12).Links);

    private void Attach(string path, NotificationAttributes attributes) =>
        Assert.True(_attributes.Write(_tree, new Lwm2mRequest.WriteAttributes(Lwm2mPath.Parse(path), attributes)).Code.IsSuccess);
}
