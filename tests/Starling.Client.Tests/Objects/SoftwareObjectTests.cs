using Starling.Coap;
using Starling.Lwm2m;
using Starling.Testing;

namespace Starling.Client.Tests;

public sealed class SoftwareObjectTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly SimulatedStorage _storage;
    private readonly SoftwareObject _software;

    public SoftwareObjectTests()
    {
        _storage = new SimulatedStorage(_time) { Capacity = 5000 };
        _software = new SoftwareObject(ObjectCatalog.Standard.Find(9), 3, _storage);
    }

    private (SoftwareState, int) Status => (_software.State, _software.Result);

    public void Dispose() => _storage.Dispose();

    [Fact]
    public async Task Package_is_written_installed_activated_and_removed()
    {
        var switched = new List<bool>();
        _software.Switch = (on, _) => { switched.Add(on); return Task.CompletedTask; };
        ObjectAssert.Whole(_software.Instance);
        Assert.Equal(CoapCode.MethodNotAllowed, await CodeAsync(4));
        Assert.Equal(CoapCode.MethodNotAllowed, await CodeAsync(10));
        Deliver();
        Assert.Equal((SoftwareState.Delivered, 3), Status);
        Assert.Equal(("player", "1.5"), (_software.Instance.Get(0).AsString(), _software.Instance.Get(1).AsString()));
        await InstallAsync();
        Assert.Equal((SoftwareState.Installed, 2), Status);
        await CodeAsync(10);
        Assert.True(_software.IsActive);
        await CodeAsync(11);
        Assert.False(_software.IsActive);
        await CodeAsync(10);
        Assert.Equal(CoapCode.Changed, await CodeAsync(6));
        Assert.Equal((SoftwareState.Initial, 0), Status);
        Assert.False(_software.IsActive);
        Assert.Equal(("", 0), (_software.Instance.Get(0).AsString(), _storage.Length));
        Assert.Equal([true, false, true], switched);
        ObjectAssert.Whole(_software.Instance);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("0", false)]
    [InlineData("1", true)]
    [InlineData("1='ForUpdate'", true)]
    public async Task Uninstall_says_whether_a_newer_one_follows(string? arguments, bool isForUpdate)
    {
        var removed = new List<bool>();
        _software.Removed = removed.Add;
        Deliver();
        await InstallAsync();
        Assert.Equal(CoapCode.Changed, await CodeAsync(6, arguments));
        Assert.Equal([isForUpdate], removed);
        Assert.Equal((SoftwareState.Initial, 0), Status);
    }

    [Fact]
    public async Task Installing_and_removing_that_fail_leave_their_results()
    {
        Deliver();
        _storage.InstallProblem = PackageProblem.InstallFailed;
        await InstallAsync();
        Assert.Equal((SoftwareState.Delivered, 58), Status);
        Assert.StartsWith("It was not installed: ", _software.StatusReason, StringComparison.Ordinal);
        _storage.InstallProblem = null;
        await InstallAsync();
        Assert.Empty(_software.StatusReason);
        _software.Removed = _ => throw new PackageException(PackageProblem.InstallFailed, "in use");
        await CodeAsync(6);
        Assert.Equal((SoftwareState.Installed, 59), Status);
        Assert.Equal("It was not removed: in use", _software.StatusReason);
    }

    [Theory]
    [InlineData("NoSpace", 50)]
    [InlineData("OutOfMemory", 51)]
    [InlineData("ConnectionLost", 52)]
    [InlineData("Integrity", 53)]
    [InlineData("UnsupportedType", 54)]
    [InlineData("InvalidUri", 56)]
    [InlineData("Conflict", 57)]
    public void Taking_that_fails_leaves_its_result(string problem, int result)
    {
        _storage.TakingProblem = Enum.Parse<PackageProblem>(problem);
        Deliver();
        Assert.Equal((SoftwareState.Initial, result), Status);
        Assert.StartsWith("The package did not come: ", _software.StatusReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Package_is_fetched()
    {
        Assert.Equal(CoapCode.Changed, ObjectAssert.Write(_software.Instance, 3, "http://shop.example/player").Code);
        Assert.Equal((SoftwareState.Initial, 56), Status);
        var go = new TaskCompletionSource();
        _software.Sources.Add("http", async (uri, sink, cancel) =>
        {
            await go.Task.WaitAsync(cancel);
            await sink.WriteAsync(Package, cancel);
        });
        ObjectAssert.Write(_software.Instance, 3, "http://shop.example/player");
        Assert.Equal((SoftwareState.DownloadStarted, 1), Status);
        Assert.Equal(CoapCode.MethodNotAllowed, Assert.Throws<Lwm2mException>(Deliver).Code);
        go.SetResult();
        await Settling.SettleAsync();
        Assert.Equal((SoftwareState.Delivered, 3), Status);
    }

    [Fact]
    public async Task Fetching_that_throws_anything_ends_the_download()
    {
        _software.Sources.Add("http", (_, _, _) => throw new InvalidOperationException("broken"));
        ObjectAssert.Write(_software.Instance, 3, "http://shop.example/player");
        await Settling.SettleAsync();
        Assert.Equal((SoftwareState.Initial, 58), Status);
    }

    private static byte[] Package => SimulatedImage.Create(new("player", "1.5"), new byte[100]);

    private void Deliver() => ObjectAssert.Write(_software.Instance, 2, Package);

    private async Task InstallAsync()
    {
        Assert.Equal(CoapCode.Changed, await CodeAsync(4));
        Assert.Equal(CoapCode.MethodNotAllowed, await CodeAsync(4));   // it is being installed already
        await Settling.SettleAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        await Settling.SettleAsync();
    }

    private async Task<CoapCode> CodeAsync(int resource, string? arguments = null)
    {
        try
        {
            return (await ObjectAssert.ExecuteAsync(_software.Instance, resource, arguments)).Code;
        }
        catch (Lwm2mException refusal)
        {
            return refusal.Code;
        }
    }
}
