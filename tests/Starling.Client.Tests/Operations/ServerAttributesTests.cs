using Starling.Lwm2m;

namespace Starling.Client.Tests;

public class ServerAttributesTests
{
    private readonly ObjectTree _tree = new([TestObjects.NewDevice(), TestObjects.NewEverything()]);
    private readonly ServerAttributes _attributes = new();

    [Theory]
    [InlineData("/3", "2.04")]
    [InlineData("/3/0", "2.04")]
    [InlineData("/3/0/9", "2.04")]
    [InlineData("/9000/0/8/1", "2.04")]
    [InlineData("/9000/0/8/5", "4.04")]
    [InlineData("/5", "4.04")]
    [InlineData("/3/0/99", "4.04")]
    [InlineData("/0", "4.01")]
    [InlineData("/3/0/4", "4.05")]
    [InlineData("/", "4.05")]
    public void Target_must_be_there_and_readable(string path, string code) => Assert.Equal(code, Write(path, new() { MinimumPeriod = 1 }));

    [Theory]
    [InlineData("/3/0/0")]   // text
    [InlineData("/3/0")]     // no resource
    public void Conditions_on_values_need_a_number(string path) => Assert.Equal("4.00", Write(path, new() { GreaterThan = 1 }));

    [Fact]
    public void Conflict_with_what_is_attached_leaves_it_as_it_was()
    {
        Assert.Equal("2.04", Write("/3/0/9", new() { GreaterThan = 50, MinimumPeriod = 5 }));
        Assert.Equal("4.00", Write("/3/0/9", new() { LessThan = 60, MinimumPeriod = 9 }));
        Assert.Equal(new NotificationAttributes { GreaterThan = 50, MinimumPeriod = 5 }, _attributes.At(new(3, 0, 9)));
    }

    [Fact]
    public void Lower_level_hides_the_upper_and_the_rest_is_inherited()
    {
        Write("/3", new() { MinimumPeriod = 1, MaximumPeriod = 100 });
        Write("/3/0/9", new() { MinimumPeriod = 2 });
        Assert.Equal(new NotificationAttributes { MinimumPeriod = 2, MaximumPeriod = 100 }, _attributes.Effective(new(3, 0, 9)));
        Assert.Equal(new NotificationAttributes { MinimumPeriod = 1, MaximumPeriod = 100 }, _attributes.Effective(new(3, 0)));
    }

    [Fact]
    public void Unset_takes_it_away()
    {
        Write("/3/0/9", new() { MinimumPeriod = 2, Step = 3 });
        Assert.Equal("2.04", Write("/3/0/9", new() { Unset = AttributeNames.MinimumPeriod | AttributeNames.Step }));
        Assert.True(_attributes.Effective(new(3, 0, 9)).IsEmpty);
    }

    [Fact]
    public void Limit_of_paths_holds_and_counts()
    {
        var few = new ServerAttributes(limit: 2);
        string Write(string path, NotificationAttributes attributes) => few.Write(_tree, new Lwm2mRequest.WriteAttributes(Lwm2mPath.Parse(path), attributes)).Code.ToString();
        Assert.Equal("2.04", Write("/3", new() { MinimumPeriod = 1 }));
        Assert.Equal("2.04", Write("/3/0", new() { MinimumPeriod = 1 }));
        Assert.Equal("5.00", Write("/3/0/9", new() { MinimumPeriod = 1 }));
        Assert.Equal("2.04", Write("/3/0", new() { MaximumPeriod = 9 }));
        Assert.Equal("2.04", Write("/3/0", new() { Unset = AttributeNames.MinimumPeriod | AttributeNames.MaximumPeriod }));
        Assert.Equal("2.04", Write("/3/0/9", new() { MinimumPeriod = 1 }));
        Assert.Equal(1, few.Refused);
    }

    [Fact]
    public void What_hangs_on_an_instance_goes_with_it()
    {
        Write("/9000/0/0", new() { MinimumPeriod = 2 });
        Write("/9000", new() { MaximumPeriod = 3 });
        _attributes.Forget(new(9000, 0));
        Assert.Equal(new NotificationAttributes { MaximumPeriod = 3 }, _attributes.Effective(new(9000, 0, 0)));
    }

    private string Write(string path, NotificationAttributes attributes) =>
        _attributes.Write(_tree, new Lwm2mRequest.WriteAttributes(Lwm2mPath.Parse(path), attributes)).Code.ToString();
}
