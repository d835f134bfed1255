namespace Faultline.Linux.Syscalls.Files;

/// <summary>The asynchronous contexts of one address space, by their number.</summary>
internal sealed class AioContexts
{
    private readonly Dictionary<ulong, AioContext> _contexts = [];

    /// <summary>The context of a number, or null.</summary>
    public AioContext? Find(ulong id)
    {
        lock (_contexts)
            return _contexts.GetValueOrDefault(id);
    }

    /// <summary>Adds one.</summary>
    public void Add(ulong id, AioContext context)
    {
        lock (_contexts)
            _contexts[id] = context;
    }

    /// <summary>Takes one out; null when there is none of that number.</summary>
    public AioContext? Remove(ulong id)
    {
        lock (_contexts)
            return _contexts.Remove(id, out AioContext? context) ? context : null;
    }
}
