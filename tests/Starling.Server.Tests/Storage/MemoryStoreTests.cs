namespace Starling.Server.Tests;

public sealed class MemoryDeviceStoreTests : DeviceStoreContract
{
    protected override IDeviceStore Store { get; } = new MemoryDeviceStore();
}

public sealed class MemoryOperationStoreTests : OperationStoreContract
{
    protected override ValueTask<IOperationStore> OpenAsync() => ValueTask.FromResult<IOperationStore>(new MemoryOperationStore());

    protected override ValueTask<IOperationStore> ReopenAsync(IOperationStore store) => ValueTask.FromResult(store);
}

public sealed class MemoryProfileStoreTests : ProfileStoreContract
{
    protected override ValueTask<IProfileStore> OpenAsync() => ValueTask.FromResult<IProfileStore>(new MemoryProfileStore());

    protected override ValueTask<IProfileStore> ReopenAsync(IProfileStore store) => ValueTask.FromResult(store);
}

public sealed class MemoryCredentialStoreTests : CredentialStoreContract
{
    protected override ValueTask<ICredentialStore> OpenAsync() => ValueTask.FromResult<ICredentialStore>(new MemoryCredentialStore());

    protected override ValueTask<ICredentialStore> ReopenAsync(ICredentialStore store) => ValueTask.FromResult(store);
}
