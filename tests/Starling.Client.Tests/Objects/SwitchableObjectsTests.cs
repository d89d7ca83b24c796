using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client.Tests;

/// <summary>Objects 8, 14 and 15: what servers lock, wipe, switch on and off.</summary>
public class SwitchableObjectsTests
{
    private static readonly ObjectCatalog _catalog = ObjectCatalog.Standard;

    [Fact]
    public async Task Lost_device_is_locked_and_wiped()
    {
        var asked = new List<string>();
        var lost = new LockWipeObject(_catalog.Find(8), "photos", "mail")
        {
            Lock = (state, targets) => { asked.Add($"lock {state} {string.Join('+', targets)}"); return true; },
            Wipe = targets => { asked.Add($"wipe {string.Join('+', targets)}"); return true; },
        };
        ObjectAssert.Whole(lost.Instance);
        Assert.Equal(CoapCode.Changed, ObjectAssert.WriteAll(lost.Instance, 1, "mail").Code);
        Assert.Equal(CoapCode.Changed, ObjectAssert.Write(lost.Instance, 0, 1).Code);
        Assert.Equal((1, 1), (lost.State, lost.Instance.Get(5).AsInteger()));
        ObjectAssert.Write(lost.Instance, 0, 2);
        Assert.Equal(2, lost.Instance.Get(5).AsInteger());
        ObjectAssert.Write(lost.Instance, 0, 0);
        Assert.Equal(3, lost.Instance.Get(5).AsInteger());
        ObjectAssert.WriteAll(lost.Instance, 4, "photos");
        await ObjectAssert.ExecuteAsync(lost.Instance, 3);
        Assert.Equal(4, lost.Instance.Get(5).AsInteger());
        Assert.Equal(["mail"], ObjectAssert.Texts(lost.Instance, 2));
        Assert.Equal(["lock 1 mail", "lock 2 mail", "lock 0 mail", "wipe photos"], asked);
        Assert.Equal(CoapCode.MethodNotAllowed, ReadOperation.Answer(new ObjectTree([lost.Instance]), lost.Instance.Path.Append(1)).Code);
    }

    [Fact]
    public async Task Lock_and_wipe_that_fail_say_so_and_change_nothing()
    {
        var lost = new LockWipeObject(_catalog.Find(8), "photos") { Lock = (_, _) => false, Wipe = _ => false };
        ObjectAssert.Write(lost.Instance, 0, 2);
        Assert.Equal((0, 6), (lost.State, lost.Instance.Get(5).AsInteger()));
        ObjectAssert.Write(lost.Instance, 0, 0);
        Assert.Equal(7, lost.Instance.Get(5).AsInteger());
        await ObjectAssert.ExecuteAsync(lost.Instance, 3);
        Assert.Equal(8, lost.Instance.Get(5).AsInteger());
        Assert.Equal(["photos"], ObjectAssert.Texts(lost.Instance, 2));
        Assert.Equal(CoapCode.BadRequest, ObjectAssert.Write(lost.Instance, 0, 3).Code);
    }

    [Fact]
    public async Task Part_of_the_device_is_switched_off_and_on()
    {
        var camera = new CapabilityObject(_catalog.Find(15), 3, "0;2", 5, "front camera");
        ObjectAssert.Whole(camera.Instance);
        await ObjectAssert.ExecuteAsync(camera.Instance, 6);
        Assert.False(camera.IsEnabled);
        await ObjectAssert.ExecuteAsync(camera.Instance, 5);
        Assert.True(camera.IsEnabled);
        camera.Switch = (_, _) => throw new Lwm2mException(CoapCode.MethodNotAllowed, "stuck");
        await Assert.ThrowsAsync<Lwm2mException>(() => ObjectAssert.ExecuteAsync(camera.Instance, 6));
        Assert.True(camera.IsEnabled);
        camera.IsAttached = false;
        Assert.False(camera.Instance.Get(3).AsBoolean());
    }

    [Fact]
    public async Task Software_component_is_activated()
    {
        var switched = new List<bool>();
        var component = new SoftwareComponentObject(_catalog.Find(14), 2, "codec", "1.4") { Switch = (on, _) => { switched.Add(on); return Task.CompletedTask; } };
        ObjectAssert.Whole(component.Instance);
        Assert.False(component.IsActive);
        await ObjectAssert.ExecuteAsync(component.Instance, 3);
        Assert.True(component.IsActive);
        await ObjectAssert.ExecuteAsync(component.Instance, 4);
        Assert.False(component.IsActive);
        Assert.Equal([true, false], switched);
    }
}
