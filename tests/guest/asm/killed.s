# A program that a signal kills ends with it.
# expect-status: 136
.include "guest.inc"
_start:
    xor ecx, ecx
    mov eax, 1
    cdq
    div ecx
    not_reached
