#pragma once

/// On the namespace of a public header: a shared library shows what is declared in it, and hides all else.
#define INITLAW_API [[gnu::visibility("default")]]
