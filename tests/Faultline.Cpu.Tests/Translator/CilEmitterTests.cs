using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Reflection.Emit;
using Faultline.Cpu.Translator;

namespace Faultline.Cpu.Tests.Translator;

/// <summary>The emitter knows from which size on the JIT compiles a method without optimisation.</summary>
public sealed class CilEmitterTests
{
    /// <summary>MinOptJitted in bits 9:7 of the flags of a runtime's MethodLoad event (the runtime's ClrEtwAll.man).</summary>
    private const uint Unoptimised = 1;

    /// <summary>One kind of size is a little below its limit or above it, and everything else far below.</summary>
    [Theory]
    [InlineData("instructions", 19_900, 20_100)]
    [InlineData("bytes", 5_990, 6_010)]
    [InlineData("references", 7_990, 8_010)]
    [InlineData("blocks", 990, 1_010)]
    public void TheJitOptimisesWhatIsNotTooLarge(string kind, int below, int above)
    {
        using MethodSizes sizes = new();
        Check(below, isTooLarge: false);
        Check(above, isTooLarge: true);

        void Check(int count, bool isTooLarge)
        {
            DynamicMethod method = new($"sized_{kind}_{count}", typeof(void), [typeof(nint)], typeof(CilEmitterTests).Module);
            CilEmitter il = new(method.GetILGenerator(), ordersAccesses: false);
            LocalBuilder local = il.Local(typeof(ulong));
            for (int i = 0; i < count; i++)
                EmitOne(il, kind, local);
            il.Op(OpCodes.Ret);
            Assert.Equal(isTooLarge, il.IsTooLarge);
            method.CreateDelegate<Action<nint>>()(0);
            Assert.Equal(isTooLarge, sizes.TierOf(method.Name) == Unoptimised);
        }
    }

    private static void EmitOne(CilEmitter il, string kind, LocalBuilder local)
    {
        switch (kind)
        {
            case "instructions":
                il.Op(OpCodes.Nop);
                break;
            case "bytes":
                // Ten bytes.
                il.Int64(1);
                il.Op(OpCodes.Pop);
                break;
            case "references":
                il.Load(local);
                il.Op(OpCodes.Pop);
                break;
            case "blocks":
                // Two: what the branch skips, and what follows.
                Label next = il.Label();
                il.State();
                il.Branch(OpCodes.Brtrue, next);
                il.Op(OpCodes.Nop);
                il.Mark(next);
                break;
        }
    }

    /// <summary>What the runtime says of the methods that it compiles.</summary>
    private sealed class MethodSizes : EventListener
    {
        private const EventKeywords Jit = (EventKeywords)0x10;

        private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

        private readonly ConcurrentDictionary<string, uint> _tiers = new();

        public uint TierOf(string method)
        {
            uint tier = 0;
            Assert.True(SpinWait.SpinUntil(() => _tiers.TryGetValue(method, out tier), s_patience), $"no event for {method}");
            return tier;
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
                EnableEvents(eventSource, EventLevel.Verbose, Jit);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventName?.StartsWith("MethodLoadVerbose", StringComparison.Ordinal) != true || eventData.PayloadNames is not { } names || eventData.Payload is not { } payload)
                return;
            if (payload[names.IndexOf("MethodName")] is string name && payload[names.IndexOf("MethodFlags")] is uint flags)
                _tiers[name] = flags >> 7 & 7;
        }
    }
}
